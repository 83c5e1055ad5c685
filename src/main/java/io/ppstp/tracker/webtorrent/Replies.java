package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.SocketOutputs.Output;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.membership.RefusedException;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What browsers are told about messages of their own; why one was refused they are told now and
 * then only, so that a socket of nothing but bad ones costs little. Confined to one event loop.
 */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final Consumer<Output> outlet;
  private final RoomCounts counts;
  private final LongSupplier nanoClock;
  private final LogLimiter lines;

  /** Makes them for one instance; {@code outlet} takes what is to be sent. */
  Replies(Consumer<Output> outlet, RoomCounts counts, LongSupplier nanoClock) {
    this.outlet = outlet;
    this.counts = counts;
    this.nanoClock = nanoClock;
    this.lines = new LogLimiter(nanoClock);
  }

  /** Tells what came of a message. */
  void send(PeerSocket socket, byte[] message) {
    outlet.accept(new Output(socket.number, message, false));
  }

  /** Tells why a message is not followed; its hash is null if it has none. */
  void fail(PeerSocket socket, MessageAction action, @Nullable String infoHash, String reason) {
    if (socket.failures.tryTake(nanoClock.getAsLong())) {
      counts.count(Kind.FAILURES);
      send(socket, MessageWriter.failure(action, infoHash, reason));
    } else {
      ignore(socket);
    }
  }

  /** Returns whether a socket would now be told why its message is refused. */
  boolean mayFail(PeerSocket socket) {
    return socket.failures.hasRoom(nanoClock.getAsLong());
  }

  /** Passes a message over, and cuts its socket off if that has come to too many. */
  void ignore(PeerSocket socket) {
    counts.count(Kind.UNANSWERED);
    if (!socket.unanswered.tryTake(nanoClock.getAsLong())) {
      outlet.accept(Output.cut(socket.number));
    }
  }

  /** Tells that a message came to nothing, and logs it if that is a fault inside. */
  void fail(PeerSocket socket, MessageAction action, @Nullable String infoHash, Throwable failure) {
    fail(socket, action, infoHash, reason(failure));
  }

  private String reason(Throwable failure) {
    Throwable cause = RefusedException.causeOf(failure);
    String reason = RefusedException.reasonOf(cause);
    if (reason != null) {
      return reason;
    }
    counts.count(Kind.INTERNAL);
    long heldBack = lines.ask("internal failure");
    if (heldBack != LogLimiter.HOLD_BACK) {
      LOG.error(
          "a message of a browser was answered with a failure, internal failure ({} more like it before)",
          heldBack,
          cause);
    }
    return "internal error";
  }
}
