package io.ppstp.tracker.ingress.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Reads request lines of versions after HTTP/1.1 as HTTP asks (RFC 9110, Section 6.2): a minor
 * version that is not known is the highest that is; another major version is refused, in one that
 * is spoken. Vert.x would repeat the unknown version in its answer. Thread-safe.
 */
@Sharable
public final class Http1Versions extends ChannelInboundHandlerAdapter {
  private static final Http1Versions INSTANCE = new Http1Versions();
  private static final String NAME = "ppstp-versions";

  /** The request is of a version that is not spoken. */
  public static final class UnsupportedVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnsupportedVersionException() {
      super("unsupported version of HTTP", null, false, false);
    }
  }

  private Http1Versions() {}

  /** Looks at the request lines that come over {@code channel}, if it speaks HTTP/1. */
  public static void install(Channel channel) {
    ChannelHandlerContext decoder = channel.pipeline().context(HttpRequestDecoder.class);
    if (decoder != null) {
      channel.pipeline().addAfter(decoder.name(), NAME, INSTANCE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request && isUnknown(request.protocolVersion())) {
      if (request.protocolVersion().majorVersion() != 1) {
        request.setDecoderResult(DecoderResult.failure(new UnsupportedVersionException()));
      }
      request.setProtocolVersion(HttpVersion.HTTP_1_1);
    }
    context.fireChannelRead(message);
  }

  private static boolean isUnknown(HttpVersion version) {
    return !version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0);
  }
}
