package io.ppstp.tracker.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, one request at a time; it is opened anew if the server closes it. A request that
 * the tracker answers with 04 or 05 is sent again after a while, as a peer does. Confined to the
 * generator's thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failure closes the channel, which is noticed.
final class Connection {
  private static final int MOST_REPEATS = 5;
  private static final long REPEAT_MS = 200;

  private final Bootstrap bootstrap;
  private final Target target;
  private final @Nullable SslContext tls;
  private final Script script;
  private final Plan plan;
  private final Consumer<Connection> whenIdle;
  private final AnswerReader parser;
  private @Nullable Channel channel;

  /** Waits until the connection is open to requests, null if none does. */
  private @Nullable ByteBuf first;

  private Load load;
  private int kind;
  private long sinceNs;
  private boolean busy;
  private int repeats;

  Connection(
      Bootstrap bootstrap,
      Target target,
      @Nullable SslContext tls,
      Script script,
      Plan plan,
      Load load,
      Consumer<Connection> whenIdle) {
    this.bootstrap = bootstrap.clone();
    this.target = target;
    this.tls = tls;
    this.script = script;
    this.plan = plan;
    this.load = load;
    this.whenIdle = whenIdle;
    this.parser = target.webSocket() ? new FrameReader(this::offered) : new AnswerParser();
    this.bootstrap.handler(new Initializer());
  }

  void recordTo(Load other) {
    load = other;
  }

  boolean isBusy() {
    return busy;
  }

  /** Sends the next request, whose time counts from {@code startNs}; returns false at the end. */
  boolean send(long startNs) {
    ByteBuf request = script.next();
    if (request == null) {
      return false;
    }
    kind = script.kind();
    sinceNs = startNs;
    busy = true;
    repeats = 0;
    write(request);
    return true;
  }

  private void write(ByteBuf request) {
    parser.reset();
    Channel open = channel;
    if (open != null && open.isActive()) {
      open.writeAndFlush(request, open.voidPromise());
    } else {
      ChannelFuture opening =
          bootstrap.connect(
              new InetSocketAddress("127.0.0.1", target.port()),
              new InetSocketAddress(target.from(), 0));
      channel = opening.channel();
      opening.addListener(
          done -> {
            if (done.isSuccess()) {
              begin(opening.channel(), request);
            } else {
              request.release();
              failed(String.valueOf(done.cause()));
            }
          });
    }
  }

  private void begin(Channel opened, ByteBuf request) {
    ByteBuf opening = parser.opening();
    if (opening == null) {
      opened.writeAndFlush(request);
    } else {
      first = request;
      opened.writeAndFlush(opening);
    }
  }

  private void sendFirst() {
    ByteBuf waiting = first;
    if (waiting != null && parser.isOpen() && channel != null) {
      first = null;
      channel.writeAndFlush(waiting);
    }
  }

  private void offered(long sentNs, int port) {
    load.offer(System.nanoTime() - sentNs, port == target.port());
  }

  private void failed(String what) {
    if (busy) {
      load.error(what);
      load.lost++;
      load.failed += repeats < 2 ? 1 : 0;
      finish();
    }
  }

  private void finish() {
    busy = false;
    whenIdle.accept(this);
  }

  private void answered() {
    int body = parser.bodyLength();
    if (!target.keepAlive()) {
      close();
      channel = null;
    }
    if (parser.asksToRepeat() && repeats < MOST_REPEATS) {
      repeats++;
      load.repeats++;
      load.failed += repeats == 2 ? 1 : 0;
      bootstrap.config().group().schedule(this::repeat, REPEAT_MS, TimeUnit.MILLISECONDS);
      return;
    }
    load.add(kind, System.nanoTime() - sinceNs, body);
    if (!parser.isOk() || body < plan.leastBodies().get(kind)) {
      load.error(plan.kinds().get(kind) + ": HTTP " + parser.status() + ", " + body + " bytes");
      load.failed += repeats < 2 ? 1 : 0;
    }
    finish();
  }

  private void repeat() {
    write(script.again());
  }

  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel opened) {
      if (tls != null) {
        opened.pipeline().addLast(tls.newHandler(opened.alloc()));
      }
      opened.pipeline().addLast(new Answers());
    }
  }

  private final class Answers extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      boolean whole;
      try {
        whole = parser.take(in);
      } finally {
        in.release();
      }
      sendFirst();
      if (whole && busy) {
        answered();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (ctx.channel() == channel) {
        failed("closed before the answer");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failed(cause.toString());
      ctx.close();
    }
  }
}
