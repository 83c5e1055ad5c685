package io.ppstp.tracker.ingress.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the head of a channel of the HTTPS listener until its handshake begins: says which
 * names a client may ask for, and tells how the handshake ends. Vert.x does neither. Confined to
 * its channel.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private final @Nullable SNIMatcher names;
  private final Consumer<HandshakeEnd> onEnd;

  /**
   * Makes a watch of one channel.
   *
   * @param names that clients may ask for, null for any
   * @param onEnd is told how the handshake ended
   */
  HandshakeWatch(@Nullable SNIMatcher names, Consumer<HandshakeEnd> onEnd) {
    this.names = names;
    this.onEnd = onEnd;
  }

  /** The first bytes may be a proxy's, before there is a handler of TLS. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      watch(tls);
      context.pipeline().remove(this);
    }
    context.fireChannelRead(bytes);
  }

  private void watch(SslHandler tls) {
    if (names != null) {
      SSLParameters parameters = tls.engine().getSSLParameters();
      parameters.setSNIMatchers(List.of(names));
      tls.engine().setSSLParameters(parameters);
    }
    tls.handshakeFuture()
        .addListener(
            done ->
                onEnd.accept(done.isSuccess() ? HandshakeEnd.DONE : HandshakeEnd.of(done.cause())));
  }
}
