package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.SharedEventLoops;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.SocketBus;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.SocketCounts;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.AllowedSwarms;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.webtorrent.AllowedStreams;
import io.ppstp.tracker.webtorrent.Dropped;
import io.ppstp.tracker.webtorrent.RoomCounts;
import io.ppstp.tracker.webtorrent.RoomCounts.Kind;
import io.ppstp.tracker.webtorrent.RoomRules;
import io.ppstp.tracker.webtorrent.WebTorrentVerticle;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of browsers of one node, and what is shown of them; nothing at all where {@code
 * webtorrent.enabled} is false. Thread-safe.
 */
final class BrowserRooms {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserRooms.class);

  private final TrackerConfig config;
  private final Live<AllowedSwarms> allowed;
  private final Platform platform;
  private final TrackerStore store;
  private final Limits limits;
  private final Live<RuleSet> operatorRules;
  private final RoomCounts counts;
  private final Live<RoomRules> rules;
  private volatile @Nullable SocketCounts sockets;
  private volatile SharedEventLoops.@Nullable Rooms deployed;

  /**
   * Makes none yet.
   *
   * @param store that they use
   * @param mostCharacters of messages that are worked on at a time
   */
  BrowserRooms(
      LiveSettings settings,
      Platform platform,
      TrackerStore store,
      Limits limits,
      Live<RuleSet> operatorRules,
      long mostCharacters) {
    this.config = settings.live().now();
    this.rules = settings.derive(changed -> RoomRules.of(config, changed.limits()));
    this.counts = new RoomCounts(mostCharacters);
    this.allowed = settings.derive(changed -> AllowedStreams.of(changed.webtorrent().allowed()));
    this.platform = platform;
    this.store = store;
    this.limits = limits;
    this.operatorRules = operatorRules;
  }

  private boolean isOn() {
    return config.webtorrent().enabled();
  }

  /** Deploys as many as there are instances of ingress, if they are wanted. */
  Future<?> deploy(SharedEventLoops loops, int ingresses, SocketBus bus, EventSink events) {
    if (!isOn()) {
      return Future.succeededFuture();
    }
    SecureRandom random = new SecureRandom();
    WebTorrentVerticle.Shared shared =
        new WebTorrentVerticle.Shared(
            bus,
            store,
            rules::now,
            limits,
            events,
            platform.clock(),
            counts,
            new SwarmAccess(allowed::now, operatorRules::now, InstantSource.system()),
            WebTorrentVerticle.Shared.drawNode(random),
            new WebTorrentVerticle.Shared.Key(random.nextLong(), random.nextLong()),
            config.cluster().enabled());
    LOG.info(
        "browsers are served by WebSocket at {}", String.join(", ", config.webtorrent().paths()));
    return loops
        .deploy(ingresses, i -> new WebTorrentVerticle(i, shared))
        .onSuccess(done -> deployed = done);
  }

  /**
   * Ends them once those have left whose sockets were closed, while the store still takes that;
   * never fails.
   */
  Future<?> undeploy() {
    SharedEventLoops.Rooms ending = deployed;
    return ending == null
        ? Future.succeededFuture()
        : ending.undeploy().otherwise(failure -> null).onSuccess(done -> deployed = null);
  }

  /** Takes the counts of sockets, which ingress keeps. */
  void take(SocketCounts ofIngress) {
    sockets = ofIngress;
  }

  /** Lets {@code metrics} show what browsers do. */
  void show(TrackerMetrics metrics) {
    if (!isOn()) {
      return;
    }
    metrics.gauge(
        "ppstp.webtorrent.pending",
        "Announces and scrapes of browsers that are worked on",
        counts,
        RoomCounts::pending);
    for (Kind kind : Kind.values()) {
      metrics.counter(
          "ppstp.webtorrent.messages",
          "What came of the messages of browsers",
          "kind",
          kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          counts,
          it -> it.of(kind));
    }
    for (Dropped reason : Dropped.values()) {
      metrics.counter(
          "ppstp.webtorrent.dropped",
          "Offers and answers of browsers that were not relayed",
          "reason",
          reason.label(),
          counts,
          it -> dropped(reason));
    }
  }

  private long dropped(Dropped reason) {
    SocketCounts ofIngress = sockets;
    long there = counts.of(reason);
    return reason == Dropped.SLOW_SOCKET && ofIngress != null
        ? there + ofIngress.droppedCount()
        : there;
  }

  /**
   * What a status report says of browsers.
   *
   * @param offersHere for members at this node
   * @param offersToOtherNodes for members at others
   * @param dropped offers and answers, by reason
   */
  record BrowserStatus(
      int sockets,
      long announces,
      long offersHere,
      long offersToOtherNodes,
      long offersDelivered,
      long answersDelivered,
      Map<String, Long> dropped) {}

  /** Returns what a status report says of browsers, if they are served. */
  Optional<BrowserStatus> status() {
    SocketCounts ofIngress = sockets;
    if (!isOn() || ofIngress == null) {
      return Optional.empty();
    }
    Map<String, Long> dropped = new TreeMap<>();
    for (Dropped reason : Dropped.values()) {
      if (dropped(reason) > 0) {
        dropped.put(reason.label(), dropped(reason));
      }
    }
    return Optional.of(
        new BrowserStatus(
            ofIngress.open(),
            counts.of(Kind.ANNOUNCES),
            counts.of(Kind.OFFERS_HERE),
            counts.of(Kind.OFFERS_THERE),
            counts.of(Kind.OFFERS_DELIVERED),
            counts.of(Kind.ANSWERS_DELIVERED),
            dropped));
  }
}
