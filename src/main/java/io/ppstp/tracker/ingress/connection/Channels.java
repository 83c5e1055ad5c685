package io.ppstp.tracker.ingress.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The Netty channels below Vert.x's connections; the one place that knows Vert.x's inner type for
 * them. Stateless.
 */
public final class Channels {
  /** After so many writes of a turn they are sent, for what waits counts as not read yet. */
  private static final int MOST_FLUSHES = 6;

  private Channels() {}

  public static Channel of(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      return base.channel();
    }
    throw new IllegalStateException("Vert.x has another kind of connection: " + connection);
  }

  /** Returns whether {@code connection} is open, which its handlers may not have heard yet. */
  public static boolean isOpen(HttpConnection connection) {
    return of(connection).isOpen();
  }

  /**
   * Closes {@code connection} at once, whatever is still to be sent. Vert.x's own way waits until
   * that is sent, which to a client that does not read is never.
   */
  public static void abort(HttpConnection connection) {
    Channel channel = of(connection);
    if (channel.isOpen()) {
      channel.unsafe().close(channel.newPromise());
    }
  }

  /** Lets {@code connection} be as idle as it likes, for another clock runs for it. */
  public static void withoutIdleTimeout(HttpConnection connection) {
    ChannelPipeline pipeline = of(connection).pipeline();
    if (pipeline.get(IdleStateHandler.class) != null) {
      pipeline.remove(IdleStateHandler.class);
    }
  }

  /**
   * Lets what one turn of the event loop writes to {@code connection} be sent together: a member of
   * a busy swarm is sent several offers in a turn, and each sending is a call of the system.
   */
  public static void sendTogether(HttpConnection connection) {
    of(connection).pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES, true));
  }
}
