package io.ppstp.tracker.ingress;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The Netty channels below Vert.x's connections; the one place that knows Vert.x's inner type for
 * them. Stateless.
 */
final class Channels {
  private Channels() {}

  static Channel of(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      return base.channel();
    }
    throw new IllegalStateException("Vert.x has another kind of connection: " + connection);
  }

  /**
   * Closes {@code connection} at once, whatever is still to be sent. Vert.x's own way waits until
   * that is sent, which to a client that does not read is never.
   */
  static void abort(HttpConnection connection) {
    Channel channel = of(connection);
    if (channel.isOpen()) {
      channel.unsafe().close(channel.newPromise());
    }
  }
}
