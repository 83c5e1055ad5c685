/**
 * Traces of requests by OpenTelemetry: which room took how long. Off unless a place to send them to
 * is configured; nothing here is then in the way of a request.
 */
@NullMarked
package io.ppstp.tracker.tracing;

import org.jspecify.annotations.NullMarked;
