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

  /** Bytes of messages that are written and not sent, with what there is around them. */
  int unsent;

  /** When the last of them was sent, or the first was written. */
  long readNs;

  /** Whether the last ping is written and not sent. */
  boolean pingUnsent;

  /** What has come of a message in fragments, null between messages. */
  @Nullable Buffer partial;

  int fragments;

  /** Whether nothing more is taken from it or sent over it. */
  boolean closed;

  /** Whether its connection is closed. */
  boolean gone;

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
