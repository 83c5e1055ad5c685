package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.SharedEventLoops;
import io.ppstp.tracker.bittorrent.BitTorrentVerticle;
import io.ppstp.tracker.bittorrent.TorrentCounts;
import io.ppstp.tracker.bittorrent.TorrentCounts.Kind;
import io.ppstp.tracker.bittorrent.TorrentRules;
import io.ppstp.tracker.bittorrent.TorrentServices;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.AllowedSwarms;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of BitTorrent clients of one node, and what is shown of them; nothing at all where
 * {@code bittorrent.enabled} is false. Thread-safe.
 */
final class TorrentRooms {
  private static final Logger LOG = LoggerFactory.getLogger(TorrentRooms.class);

  private final TrackerConfig config;
  private final Live<AllowedSwarms> allowed;
  private final Platform platform;
  private final TrackerStore store;
  private final Limits limits;
  private final Live<RuleSet> operatorRules;
  private final TorrentCounts counts = new TorrentCounts();

  TorrentRooms(
      LiveSettings settings,
      Platform platform,
      TrackerStore store,
      Limits limits,
      Live<RuleSet> operatorRules) {
    this.config = settings.live().now();
    this.allowed =
        settings.derive(
            changed ->
                AllowedSwarms.ofHashes(TorrentIds::bitTorrent, changed.bittorrent().allowed()));
    this.platform = platform;
    this.store = store;
    this.limits = limits;
    this.operatorRules = operatorRules;
  }

  private boolean isOn() {
    return config.bittorrent().enabled();
  }

  /** Deploys as many as there are instances of ingress, if they are wanted. */
  Future<?> deploy(SharedEventLoops loops, int ingresses, RoomBus bus, EventSink events) {
    if (!isOn()) {
      return Future.succeededFuture();
    }
    TorrentServices services =
        new TorrentServices(
            store,
            TorrentRules.of(config),
            limits,
            events,
            new SwarmAccess(allowed::now, operatorRules::now, InstantSource.system()),
            platform.clock(),
            counts);
    LOG.info(
        "BitTorrent clients are served over HTTP at {}",
        String.join(", ", config.bittorrent().paths()));
    return loops.deploy(ingresses, i -> new BitTorrentVerticle(i, bus, services));
  }

  /** Lets {@code metrics} show what BitTorrent clients do. */
  void show(TrackerMetrics metrics) {
    if (!isOn()) {
      return;
    }
    for (Kind kind : Kind.values()) {
      metrics.counter(
          "ppstp.bittorrent.requests",
          "What came of the requests of BitTorrent clients",
          "kind",
          kind.name().toLowerCase(Locale.ROOT),
          counts,
          it -> it.of(kind));
    }
  }

  /** What a status report says of BitTorrent clients. */
  record TorrentStatus(long announces, long scrapes, long failures) {}

  /** Returns what a status report says of BitTorrent clients, if they are served. */
  Optional<TorrentStatus> status() {
    return isOn()
        ? Optional.of(
            new TorrentStatus(
                counts.of(Kind.ANNOUNCES), counts.of(Kind.SCRAPES), counts.of(Kind.FAILURES)))
        : Optional.empty();
  }
}
