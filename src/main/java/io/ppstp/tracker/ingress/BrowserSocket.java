package io.ppstp.tracker.ingress;

import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/** One open WebSocket. Confined to its event loop. */
final class BrowserSocket extends DeadlineQueue.Waiter<BrowserSocket> {
  final long number;
  final ServerWebSocket webSocket;

  /** That it was before the upgrade; the channel is still the same. */
  final HttpConnection connection;

  /** Its place among the connections of its client, if that counts there. */
  final @Nullable ConnectionHold hold;

  /** When anything came last, {@link System#nanoTime()}. */
  long heardNs;

  /** When a whole message came last, or it was opened. */
  long messageNs;

  /** Whether a message came at all. */
  boolean used;

  /** Pings and pongs since the last ping of ours. */
  int controlFrames;

  /** Characters that are written and not sent. */
  int unsent;

  /** What has come of a message in fragments, null between messages. */
  @Nullable Buffer partial;

  int fragments;

  boolean closed;

  BrowserSocket(
      long number,
      ServerWebSocket webSocket,
      HttpConnection connection,
      @Nullable ConnectionHold hold,
      long nowNs) {
    this.number = number;
    this.webSocket = webSocket;
    this.connection = connection;
    this.hold = hold;
    this.heardNs = nowNs;
    this.messageNs = nowNs;
  }
}
