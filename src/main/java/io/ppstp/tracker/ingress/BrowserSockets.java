package io.ppstp.tracker.ingress;

import io.netty.handler.codec.DecoderException;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.SocketBus;
import io.ppstp.tracker.bus.SocketEvent;
import io.ppstp.tracker.bus.SocketNumbers;
import io.ppstp.tracker.bus.SocketOutputs;
import io.ppstp.tracker.ingress.connection.Channels;
import io.ppstp.tracker.ingress.connection.Listeners;
import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.Limits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of one ingress instance: opens them, puts messages together, pings, and sends what
 * the room of browsers has to say. Confined to one event loop.
 *
 * <p>What holds for HTTP connections (idle time, first request, age) does not hold for them. Each
 * is bounded by itself: bytes and fragments of a message, control frames, time without a sign of
 * life, time without a message, what its client leaves unread ({@link UnsentMessages}), and the
 * time that closing takes.
 */
final class BrowserSockets {
  private static final int MOST_FRAGMENTS = 64;
  private static final int MOST_CONTROL_FRAMES = 100;
  private static final int SILENT_INTERVALS = 3;

  /** A close frame waits behind what the client does not read. */
  private static final Duration LONGEST_CLOSING = Duration.ofSeconds(10);

  private static final Buffer NOTHING = Buffer.buffer();
  private static final short GOING_AWAY = 1001;
  private static final short TOO_BIG = 1009;

  private final int instance;
  private final SocketRules rules;
  private final SocketBus bus;
  private final SocketCounts counts;
  private final Limits limits;
  private final ByteBudget.Share bodies;
  private final UnsentMessages unsent;
  private final Map<Long, BrowserSocket> open = new HashMap<>();
  private final DeadlineQueue<BrowserSocket> toPing;
  private final DeadlineQueue<BrowserSocket> closing;
  private long last;

  /**
   * Makes an empty set.
   *
   * @param bodies of requests that are being read, which messages in pieces count with
   */
  BrowserSockets(
      int instance,
      SocketRules rules,
      SocketBus bus,
      SocketCounts counts,
      Limits limits,
      ByteBudget bodies) {
    this.bodies = bodies.share();
    this.unsent = new UnsentMessages(counts.unsent().share());
    this.instance = instance;
    this.rules = rules;
    this.bus = bus;
    this.counts = counts;
    this.limits = limits;
    long intervalNs = rules.pingInterval().toNanos();
    this.toPing = new DeadlineQueue<>(intervalNs);
    this.closing = new DeadlineQueue<>(Math.min(intervalNs, LONGEST_CLOSING.toNanos()));
  }

  /** Returns whether a request asks for a WebSocket where there are any. */
  boolean isAskedFor(HttpServerRequest request) {
    return HttpMethod.GET.equals(request.method())
        && rules.target(request) != null
        && request.version() == HttpVersion.HTTP_1_1
        && request.headers().contains(HttpHeaders.UPGRADE, "websocket", true);
  }

  /** Returns what the target of a request says, null if there are no WebSockets. */
  @Nullable RequestTarget target(HttpServerRequest request) {
    return rules.target(request);
  }

  /** Returns whether a request comes from a web page that may not open WebSockets; counts those. */
  boolean isForeign(HttpServerRequest request) {
    boolean foreign = !rules.anyOrigin() && rules.origins().refuse(request);
    if (foreign) {
      limits.hit(Limit.FOREIGN_ORIGIN);
    }
    return foreign;
  }

  /** What a WebSocket needs before it is opened: its places. */
  record Place(@Nullable ConnectionHold own) {}

  /** Takes places for a socket of {@code requester}; null, and counted, if there are none left. */
  @Nullable Place tryPlace(Requester requester, @Nullable ConnectionState connection) {
    if (!counts.tryOpen()) {
      return null;
    }
    // Who comes through a proxy that speaks HTTP is not among those counted when accepted.
    boolean counted =
        !requester.client().forwarded() || (connection != null && connection.hold != null);
    if (counted) {
      return new Place(null);
    }
    ConnectionHold own = limits.tryConnect(requester.client());
    if (own == null) {
      counts.closed();
      return null;
    }
    return new Place(own);
  }

  private void giveBack(Place place) {
    counts.closed();
    if (place.own() != null) {
      place.own().release();
    }
  }

  /**
   * Opens a socket. The future fails if the request was answered otherwise.
   *
   * @param upgraded called when it is open; returns what to run when it is closed
   */
  Future<Void> open(
      HttpServerRequest request, Requester requester, Place place, Supplier<Runnable> upgraded) {
    return request
        .toWebSocket()
        .onFailure(failure -> giveBack(place))
        .map(
            webSocket -> {
              opened(request, webSocket, requester, place, upgraded.get());
              return null;
            });
  }

  private void opened(
      HttpServerRequest request,
      ServerWebSocket webSocket,
      Requester requester,
      Place place,
      Runnable closed) {
    long nowNs = System.nanoTime();
    Channels.withoutIdleTimeout(request.connection());
    Channels.sendTogether(request.connection());
    BrowserSocket socket =
        new BrowserSocket(
            SocketNumbers.of(instance, ++last),
            webSocket,
            request.connection(),
            place.own(),
            nowNs);
    open.put(socket.number, socket);
    toPing.add(socket, nowNs);
    bus.tell(new SocketEvent.Opened(socket.number, requester));
    webSocket.frameHandler(frame -> take(socket, frame));
    webSocket.exceptionHandler(fault -> failed(socket, fault));
    webSocket.closeHandler(
        ended -> {
          closed(socket);
          closing.remove(socket);
          unsent.forget(socket);
          giveBack(place);
          closed.run();
        });
  }

  private void forgetPieces(BrowserSocket socket) {
    if (socket.partial != null) {
      bodies.release(socket.partial.length());
      socket.partial = null;
    }
    socket.fragments = 0;
  }

  /** Ends what there is to do for a socket; its connection may take a while to close. */
  private void closed(BrowserSocket socket) {
    if (!socket.closed) {
      socket.closed = true;
      forgetPieces(socket);
      open.remove(socket.number);
      toPing.remove(socket);
      closing.add(socket, System.nanoTime());
      bus.tell(new SocketEvent.Closed(socket.number));
    }
  }

  /** Who vanishes without a word is not to be counted with those who send what is no frame. */
  private void failed(BrowserSocket socket, Throwable fault) {
    if (fault instanceof DecoderException) {
      cut(socket);
    } else {
      closed(socket);
      Channels.abort(socket.connection);
    }
  }

  private void take(BrowserSocket socket, WebSocketFrame frame) {
    if (socket.closed) {
      return;
    }
    socket.heardNs = System.nanoTime();
    switch (frame.type()) {
      case PING, PONG -> {
        // Vert.x answers each ping, whether the answers are read or not.
        if (++socket.controlFrames > MOST_CONTROL_FRAMES) {
          cut(socket);
        }
      }
      case TEXT, BINARY, CONTINUATION -> append(socket, frame);
      case CLOSE -> closed(socket);
      default -> cut(socket);
    }
  }

  private void append(BrowserSocket socket, WebSocketFrame frame) {
    Buffer piece = frame.binaryData();
    Buffer before = socket.partial;
    int length = piece.length() + (before == null ? 0 : before.length());
    if (length > Listeners.MOST_WEBSOCKET_MESSAGE_BYTES || ++socket.fragments > MOST_FRAGMENTS) {
      counts.cut();
      closed(socket);
      socket.webSocket.close(TOO_BIG, "a message has at most 64 KiB");
      return;
    }
    if (!frame.isFinal()) {
      if (!bodies.tryAcquire(piece.length())) {
        cut(socket);
        return;
      }
      socket.partial =
          before == null ? Buffer.buffer().appendBuffer(piece) : before.appendBuffer(piece);
      return;
    }
    forgetPieces(socket);
    byte[] message = before == null ? piece.getBytes() : before.appendBuffer(piece).getBytes();
    socket.used = true;
    socket.messageNs = socket.heardNs;
    bus.tell(new SocketEvent.Received(socket.number, message));
  }

  /** Sends what the room says, or drops it where clients do not read. */
  void send(SocketOutputs outputs) {
    for (SocketOutputs.Output output : outputs.outputs()) {
      BrowserSocket socket = open.get(output.socket());
      if (socket != null) {
        send(socket, output);
      }
    }
  }

  private void send(BrowserSocket socket, SocketOutputs.Output output) {
    if (output.isCut()) {
      cut(socket);
      return;
    }
    switch (unsent.send(socket, output)) {
      case SENT -> {}
      case DROPPED -> counts.dropped();
      case TOO_MUCH -> cut(socket);
    }
  }

  /** Pings those whose time it is, and closes those that are silent, of no use or in the way. */
  void sweep(long nowNs) {
    bodies.sweep();
    unsent.sweep();
    for (BrowserSocket socket : closing.removeOverdue(nowNs)) {
      Channels.abort(socket.connection);
    }
    if (unsent.isPressed()) {
      List.copyOf(open.values()).stream()
          .filter(socket -> unsent.isStuck(socket, nowNs))
          .forEach(this::cut);
    }
    for (BrowserSocket socket : toPing.removeOverdue(nowNs)) {
      long intervalNs = rules.pingInterval().toNanos();
      long silentNs = nowNs - socket.heardNs;
      long idleNs = nowNs - socket.messageNs;
      boolean neverUsed = !socket.used && idleNs >= 2 * intervalNs;
      boolean endless = socket.partial != null && idleNs >= 2 * intervalNs;
      if (silentNs >= SILENT_INTERVALS * intervalNs
          || socket.pingUnsent
          || neverUsed
          || endless
          || idleNs >= rules.idleTimeout().toNanos()) {
        cut(socket);
      } else {
        socket.controlFrames = 0;
        toPing.add(socket, nowNs);
        socket.pingUnsent = true;
        socket.webSocket.writePing(NOTHING).onComplete(sent -> socket.pingUnsent = false);
      }
    }
  }

  /** Closes a socket at once, whatever is still to be sent. */
  private void cut(BrowserSocket socket) {
    if (!socket.closed) {
      counts.cut();
    }
    closed(socket);
    Channels.abort(socket.connection);
  }

  /** Closes all, because the node ends: clients come back to another one. */
  void closeAll() {
    List<BrowserSocket> all = new ArrayList<>(open.values());
    for (BrowserSocket socket : all) {
      closed(socket);
      socket.webSocket.close(GOING_AWAY, "the node ends");
    }
  }
}
