/**
 * Listeners and their connections, before HTTP: who may connect and how often, where a client is
 * behind proxies, TLS, and what Vert.x leaves open in Netty's pipelines.
 */
@NullMarked
package io.ppstp.tracker.ingress.connection;

import org.jspecify.annotations.NullMarked;
