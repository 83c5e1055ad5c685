package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.ingress.connection.HandshakeEnd;
import io.ppstp.tracker.ingress.connection.TlsMaterial;
import io.ppstp.tracker.logging.AccessLog;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Authenticator;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of ingress have in common; each part is thread-safe.
 *
 * @param live the configuration, of which the limits may change
 * @param tls of the HTTPS listener, null if there is none
 * @param authenticator judges who may be answered
 * @param acceptFilter judges who may connect
 * @param ports told of the ports that were bound
 * @param clock the wall clock, for the date of answers
 * @param sockets counts WebSockets
 * @param accessLog of some of the requests
 * @param draining true while the node is about to stop, or to take no more peers
 */
public record IngressShared(
    RoomBus bus,
    Live<TrackerConfig> live,
    @Nullable Live<TlsMaterial> tls,
    Authenticator authenticator,
    InFlight inFlight,
    ByteBudget unsent,
    ByteBudget bodies,
    AcceptFilter acceptFilter,
    TrackerMetrics metrics,
    BoundPorts ports,
    InstantSource clock,
    SocketCounts sockets,
    AccessLog accessLog,
    Live<Boolean> draining) {

  /** Returns what one tracker's ingress shares that is in nobody else's hands. */
  public static IngressShared of(
      RoomBus bus,
      Live<TrackerConfig> live,
      @Nullable Live<TlsMaterial> tls,
      Authenticator authenticator,
      AcceptFilter acceptFilter,
      TrackerMetrics metrics,
      InstantSource clock) {
    LimitsConfig limits = live.now().limits();
    InFlight inFlight = new InFlight(limits.inFlight());
    ByteBudget unsent = new ByteBudget(limits.unsent().total());
    ByteBudget bodies = new ByteBudget(Long.MAX_VALUE);
    live.follow(changed -> inFlight.limit(changed.limits().inFlight()));
    metrics.gauge(
        "ppstp.in.flight",
        "Requests from their last byte until their answers are read",
        inFlight,
        InFlight::count);
    metrics.gauge(
        "ppstp.unsent.bytes",
        "Answers that their clients have not read",
        unsent,
        ByteBudget::count);
    metrics.gauge(
        "ppstp.body.bytes",
        "Bodies of requests that are being read or answered",
        bodies,
        ByteBudget::count);
    showHandshakes(acceptFilter, metrics);
    SocketCounts sockets =
        new SocketCounts(live.now().webtorrent().sockets(), limits.unsent().total());
    metrics.gauge("ppstp.webtorrent.sockets", "Open WebSockets", sockets, SocketCounts::open);
    metrics.gauge(
        "ppstp.webtorrent.unsent.bytes",
        "Messages that the clients of WebSockets have not read",
        sockets.unsent(),
        ByteBudget::count);
    metrics.counter(
        "ppstp.webtorrent.sockets.refused",
        "WebSockets refused by webtorrent.sockets",
        sockets,
        SocketCounts::refusedCount);
    metrics.counter(
        "ppstp.webtorrent.sockets.cut",
        "WebSockets closed for what was sent, not sent or not read",
        sockets,
        SocketCounts::cutCount);
    return new IngressShared(
        bus,
        live,
        tls,
        authenticator,
        inFlight,
        unsent,
        bodies,
        acceptFilter,
        metrics,
        new BoundPorts(),
        clock,
        sockets,
        new AccessLog(
            live.now().log().access(),
            live.now().log().accessRate(),
            bound -> ThreadLocalRandom.current().nextInt(bound),
            System::nanoTime),
        new Live<>(false));
  }

  private static void showHandshakes(AcceptFilter acceptFilter, TrackerMetrics metrics) {
    metrics.counter(
        "ppstp.tls.handshakes",
        "Handshakes with clients that succeeded",
        acceptFilter,
        it -> it.handshakes(HandshakeEnd.DONE));
    for (HandshakeEnd end : HandshakeEnd.values()) {
      if (end != HandshakeEnd.DONE) {
        metrics.counter(
            "ppstp.tls.failed",
            "Handshakes with clients that failed",
            "reason",
            end.label(),
            acceptFilter,
            it -> it.handshakes(end));
      }
    }
  }

  /**
   * Lets so many bytes wait for clients to read them: of answers to requests, and as many of
   * messages over WebSockets.
   */
  public void limitUnsent(long bytes) {
    unsent.limit(bytes);
    sockets.unsent().limit(bytes);
  }

  /** The ports that ingress listens on, known once it has started. Thread-safe. */
  public static final class BoundPorts {
    private volatile int plain;
    private volatile int tls;

    /** Returns the plain HTTP port, 0 if there is none. */
    public int plain() {
      return plain;
    }

    /** Returns the HTTPS port, 0 if there is none. */
    public int tls() {
      return tls;
    }

    void plain(int port) {
      plain = port;
    }

    void tls(int port) {
      tls = port;
    }
  }
}
