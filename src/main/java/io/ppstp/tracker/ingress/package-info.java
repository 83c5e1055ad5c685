/**
 * The room of HTTP ingress: owns the sockets, holds requests to what HTTP and the limits allow, and
 * sends answers. Knows nothing of what a message means.
 */
@NullMarked
package io.ppstp.tracker.ingress;

import org.jspecify.annotations.NullMarked;
