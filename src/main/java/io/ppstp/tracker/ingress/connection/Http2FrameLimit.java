package io.ppstp.tracker.ingress.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;

/**
 * Cuts off an HTTP/2 connection that sends many frames and few requests, as Netty does with resets
 * (CVE-2019-9512, -9513, -9515 and their kind). Confined to the event loop of its connection.
 *
 * <p>Each request makes up for some of them: a client that reads an answer opens its windows again.
 */
public final class Http2FrameLimit extends Http2FrameListenerDecorator {
  private static final long WINDOW_NS = Duration.ofSeconds(30).toNanos();
  private static final int FRAMES_PER_REQUEST = 4;

  private final int most;
  private final Runnable onExceeded;
  private long windowBeganNs = System.nanoTime();
  private int frames;

  private Http2FrameLimit(Http2FrameListener next, int most, Runnable onExceeded) {
    super(next);
    this.most = most;
    this.onExceeded = onExceeded;
  }

  /**
   * Holds the connection of {@code channel} to {@code most} frames in 30 seconds, if it is one of
   * HTTP/2, and returns whether it is.
   *
   * @param onExceeded is run when it is about to be cut off
   */
  public static boolean install(Channel channel, int most, Runnable onExceeded) {
    Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
    if (http2 == null) {
      return false;
    }
    Http2FrameListener next = http2.decoder().frameListener();
    http2.decoder().frameListener(new Http2FrameLimit(next, most, onExceeded));
    return true;
  }

  private void count() throws Http2Exception {
    long nowNs = System.nanoTime();
    if (nowNs - windowBeganNs >= WINDOW_NS) {
      windowBeganNs = nowNs;
      frames = 0;
    }
    if (++frames == most + 1) {
      onExceeded.run();
    }
    if (frames > most) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "more than %d frames without a request", most);
    }
  }

  private void countRequest() {
    frames = Math.max(0, frames - FRAMES_PER_REQUEST);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    countRequest();
    super.onHeadersRead(context, stream, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    countRequest();
    super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    count();
    super.onPriorityRead(context, stream, dependency, weight, exclusive);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    count();
    super.onSettingsRead(context, settings);
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
    count();
    super.onSettingsAckRead(context);
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    count();
    super.onPingRead(context, data);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
    count();
    super.onPingAckRead(context, data);
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf data)
      throws Http2Exception {
    count();
    super.onGoAwayRead(context, last, code, data);
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment)
      throws Http2Exception {
    count();
    super.onWindowUpdateRead(context, stream, increment);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    count();
    super.onUnknownFrame(context, type, stream, flags, payload);
  }
}
