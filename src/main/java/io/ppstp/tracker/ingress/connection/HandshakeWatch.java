package io.ppstp.tracker.ingress.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the head of a channel of the HTTPS listener until its handshake begins: says which
 * names a client may ask for, and tells of a handshake that fails. Vert.x does neither. Confined to
 * its channel.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private static final int MOST_CAUSES = 10;

  private final @Nullable SNIMatcher names;
  private final Consumer<Boolean> onFailure;

  /**
   * Makes a watch of one channel.
   *
   * @param names that clients may ask for, null for any
   * @param onFailure is told whether it was for the client's certificate
   */
  HandshakeWatch(@Nullable SNIMatcher names, Consumer<Boolean> onFailure) {
    this.names = names;
    this.onFailure = onFailure;
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
            done -> {
              if (!done.isSuccess()) {
                onFailure.accept(isForCertificate(done.cause()));
              }
            });
  }

  /**
   * The JDK has an exception for what is wrong with a certificate, but none for there being none.
   */
  private static boolean isForCertificate(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      String said = String.valueOf(cause.getMessage());
      if (cause instanceof GeneralSecurityException
          || said.contains("client certificate")
          || said.contains("certificate chain")) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
