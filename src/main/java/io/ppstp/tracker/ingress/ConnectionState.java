package io.ppstp.tracker.ingress;

import io.ppstp.tracker.ingress.connection.ClientAddresses;
import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One connection and what ingress remembers of it. Confined to its event loop. */
final class ConnectionState extends DeadlineQueue.Waiter<ConnectionState> {
  final HttpConnection connection;

  /** {@link System#nanoTime()}. */
  final long acceptedNs;

  /** Whether it speaks HTTP/2, else HTTP/1. */
  final boolean http2;

  /** Whether a request was whole. */
  boolean served;

  boolean closed;

  /** Whether it is to be closed when its requests are answered. */
  boolean leaving;

  /** Whether it has become a WebSocket, which has bounds of its own. */
  boolean upgraded;

  /** Requests that are not over. */
  int open;

  /** Bytes of answers that the client has not read. */
  int unsentBytes;

  /** Its place among the connections of its client, if that counts there. */
  @Nullable ConnectionHold hold;

  /** Where its last request was from, null before the first. */
  ClientAddresses.@Nullable ClientOrigin origin;

  ConnectionState(HttpConnection connection, long acceptedNs, boolean http2) {
    this.connection = connection;
    this.acceptedNs = acceptedNs;
    this.http2 = http2;
  }
}
