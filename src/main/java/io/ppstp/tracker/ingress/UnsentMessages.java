package io.ppstp.tracker.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.bus.SocketOutputs.Output;
import java.time.Duration;

/**
 * The messages that one ingress instance has handed to WebSockets and that their clients have not
 * read yet. Confined to one event loop.
 *
 * <p>Three bounds keep clients that do not read from filling the memory: the bytes of one socket,
 * of which what other peers say gets fewer than what the client has asked for; the bytes of the
 * node; and the time, for a ping has to be sent before the next one. When the node runs out of
 * bytes, those who have read nothing for a while are to be cut off.
 */
final class UnsentMessages {
  /** Beyond, what other peers say is dropped. */
  static final int MOST_RELAYED = 64 << 10;

  /** Beyond, a client that asks and does not read is cut off. */
  static final int MOST = 256 << 10;

  /** What Vert.x and Netty hold for a message besides its bytes. */
  private static final int AROUND = 256;

  /** A client that reads all gets one message of so few bytes, whatever others leave unread. */
  private static final int SMALL = 1 << 10;

  private static final long PATIENCE_UNDER_PRESSURE_NS = Duration.ofSeconds(1).toNanos();

  private final ByteBudget.Share node;

  /** Counts with {@code node}. */
  UnsentMessages(ByteBudget.Share node) {
    this.node = node;
  }

  /** What has become of a message. */
  enum Outcome {
    /** It is on its way. */
    SENT,
    /** There was no room for it, and it can be missed. */
    DROPPED,
    /** There was no room for it, and its client had better be cut off. */
    TOO_MUCH
  }

  /** Sends a message if there is room for it. */
  Outcome send(BrowserSocket socket, Output output) {
    int bytes = output.message().length + AROUND;
    int most = output.relayed() ? MOST_RELAYED : MOST;
    if (socket.unsent + bytes > most || !tryHold(socket, bytes, output.relayed())) {
      return output.relayed() ? Outcome.DROPPED : Outcome.TOO_MUCH;
    }
    if (socket.unsent == 0) {
      socket.readNs = System.nanoTime();
    }
    socket.unsent += bytes;
    socket
        .webSocket
        .writeTextMessage(new String(output.message(), UTF_8))
        .onComplete(
            sent -> {
              if (!socket.gone) {
                socket.unsent -= bytes;
                socket.readNs = System.nanoTime();
                node.release(bytes);
              }
            });
    return Outcome.SENT;
  }

  private boolean tryHold(BrowserSocket socket, int bytes, boolean relayed) {
    if (node.tryAcquire(bytes)) {
      return true;
    }
    boolean owed = !relayed && socket.unsent == 0 && bytes <= SMALL;
    if (owed) {
      node.acquire(bytes);
    }
    return owed;
  }

  /** Gives back what a socket holds: it is gone. */
  void forget(BrowserSocket socket) {
    if (!socket.gone) {
      socket.gone = true;
      node.release(socket.unsent);
      socket.unsent = 0;
    }
  }

  /** Returns whether room is missing on the node. */
  boolean isPressed() {
    return node.isPressed();
  }

  /** Returns whether the client of a socket has read nothing for longer than others can wait. */
  boolean isStuck(BrowserSocket socket, long nowNs) {
    return socket.unsent > 0 && nowNs - socket.readNs >= PATIENCE_UNDER_PRESSURE_NS;
  }

  /** Gives back room that is not needed; called several times a second. */
  void sweep() {
    node.sweep();
  }
}
