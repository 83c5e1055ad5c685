package io.ppstp.tracker.app;

import io.ppstp.tracker.app.ConfigSource.Startup;
import io.ppstp.tracker.app.process.MeterClock;
import io.ppstp.tracker.app.process.SharedEventLoops;
import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.app.process.Version;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Durations;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.expiry.ExpiryVerticle;
import io.ppstp.tracker.ingress.IngressShared;
import io.ppstp.tracker.ingress.IngressShared.BoundPorts;
import io.ppstp.tracker.ingress.IngressVerticle;
import io.ppstp.tracker.ingress.connection.TlsMaterial;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.management.ManagementVerticle;
import io.ppstp.tracker.management.ManagementVerticle.Acts;
import io.ppstp.tracker.management.ManagementVerticle.Meters;
import io.ppstp.tracker.management.ManagementVerticle.Operations;
import io.ppstp.tracker.management.NodeHealth;
import io.ppstp.tracker.membership.PeerRemoval;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.rules.RuleBook;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.swarm.PeerQueues;
import io.ppstp.tracker.swarm.SwarmManager;
import io.ppstp.tracker.swarm.SwarmRules;
import io.ppstp.tracker.swarm.SwarmServices;
import io.ppstp.tracker.swarm.SwarmVerticle;
import io.ppstp.tracker.validation.ValidationVerticle;
import io.vertx.core.Future;
import io.vertx.core.transport.Transport;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running tracker: its rooms, deployed from the back to the front, so that ingress listens only
 * when everything behind it is ready, and stopped from the front to the back. Thread-safe.
 */
final class Tracker {
  private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

  /** Silence of an event loop after which the process had better be restarted. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  private final TrackerConfig config;
  private final Platform platform;
  private final TrackerStore store;
  private final Preparation prepared;
  private final LiveSettings settings;
  private final TrackerMetrics metrics;
  private final InstantSource clock;
  private final EventNumbers eventNumbers;
  private final Authenticator authenticator;
  private final Limits limits;
  private final ManagementVerticle management;
  private final NodeControls controls;
  private final BrowserRooms browsers;
  private final TorrentRooms torrents;
  private volatile @Nullable IngressShared ingressShared;
  private volatile SharedEventLoops.@Nullable Rooms ingress;
  private volatile @Nullable SharedEventLoops eventLoops;
  private volatile boolean open;

  private Tracker(Preparation prepared, Platform platform, Authenticator authenticator) {
    this.prepared = prepared;
    this.config = prepared.config();
    this.settings = prepared.settings();
    this.limits = prepared.limits();
    this.metrics = prepared.telemetry().metrics();
    this.platform = platform;
    this.authenticator = authenticator;
    this.clock = platform.clock();
    this.eventNumbers =
        new EventNumbers(
            new SecureRandom().nextLong(),
            platform.names(config.events().identities()),
            config.events().prefixes(),
            prepared.selection()::asnOf);
    this.store = prepared.telemetry().before(prepared.selection().over(platform));
    this.controls = new NodeControls(platform, settings);
    this.browsers =
        new BrowserRooms(
            settings, platform, store, limits, prepared.rules(), prepared.capacity().bodyBytes());
    this.torrents = new TorrentRooms(settings, platform, store, limits, prepared.rules());
    this.management =
        new ManagementVerticle(
            config,
            store,
            new Meters(prepared.telemetry().registry(), metrics),
            new NodeHealth(
                Version.text(),
                eventNumbers.node(),
                this::isLive,
                () -> open && !controls.isDraining() && platform.mayServe(),
                platform::clusterStatus,
                browsers::status,
                torrents::status),
            new Operations(prepared.operators().gate(), controls, prepared.audit()),
            clock);
    LimitsFactory.show(limits, metrics);
    platform.show(metrics);
    browsers.show(metrics);
    torrents.show(metrics);
    prepared.selection().show(metrics);
    settings.follow(
        changed -> limits.replace(LimitsFactory.rules(changed.limits(), config.timers().track())));
    settings.follow(prepared.acceptFilter()::take);
    StoreRoom.limit(platform.store(), prepared.capacity(), settings, metrics);
  }

  private boolean isLive() {
    SharedEventLoops loops = eventLoops;
    return loops == null || loops.silentNs() < STUCK.toNanos();
  }

  /**
   * Starts a tracker and opens it for traffic. The future fails with a {@link StartException} if
   * there is something that the operator can mend. Reads files, so not for an event loop.
   *
   * @param startup where {@code config} came from, for when it changes
   */
  static Future<Tracker> start(TrackerConfig config, Startup startup) {
    LOG.info("starting ppstp-tracker {} with {}", Version.text(), startup.source().describe());
    Preparation prepared;
    try {
      prepared = Preparation.of(config, startup);
    } catch (StartException e) {
      return Future.failedFuture(e);
    }
    Transport transport = prepared.acceptFilter().before(Platform.transport());
    return Platform.of(
            config, options -> prepared.telemetry().builder(options).withTransport(transport))
        .compose(
            platform ->
                AuthenticatorFactory.of(
                        config,
                        platform,
                        prepared.https(),
                        prepared.audit(),
                        prepared.limits().lockouts())
                    .map(authenticator -> new Tracker(prepared, platform, authenticator)))
        .compose(tracker -> tracker.deployRooms().map(tracker))
        .recover(failure -> Future.failedFuture(StartException.explaining(failure)));
  }

  private Future<Void> deployRooms() {
    int validations = SharedEventLoops.count(config.instances().validation());
    int swarms = SharedEventLoops.count(config.instances().swarm());
    int ingresses = SharedEventLoops.count(config.instances().ingress());
    RoomBus bus = RoomBus.create(platform.vertx(), validations, swarms);
    int loops = Math.max(ingresses, Math.max(validations, swarms));
    EventSink events =
        LimitsFactory.heardBy(
            limits, management.counting(platform.events(eventNumbers, management.delivery())));
    settings.publishTo(events, clock);
    platform.vertx().setPeriodic(MeterClock.TICK_MS, timer -> prepared.telemetry().clock().tick());
    Reloader reloader = new Reloader(reloadables(), prepared.startup().files(), prepared.audit());
    reloader.show(metrics);
    reloader.start(platform.vertx(), config.reload().interval(), prepared.startup().sighup());
    controls.take(reloader);
    prepared.selection().refresh(platform.vertx(), config.selection().refresh());
    LOG.info("starting the rooms: {} of ingress, {} of swarm management", ingresses, swarms);
    return RuleBook.open(platform.vertx(), prepared.rules(), clock)
        .compose(
            rules -> {
              management.enable(new Acts(rules, removal(events)));
              return platform.vertx().deployVerticle(management);
            })
        .compose(done -> SharedEventLoops.open(platform.vertx(), loops, this::lagOf))
        .onSuccess(opened -> eventLoops = opened)
        .compose(
            opened ->
                deploySwarms(opened, swarms, bus, events)
                    .compose(done -> platform.vertx().deployVerticle(expiryRoom(events)))
                    .compose(done -> platform.deployOwnWork())
                    .compose(done -> deployValidation(opened, validations, bus))
                    .compose(done -> browsers.deploy(opened, ingresses, bus.sockets(), events))
                    .compose(done -> torrents.deploy(opened, ingresses, bus, events))
                    .compose(done -> deployIngress(opened, ingresses, bus)))
        .onSuccess(shared -> open(shared.ports()))
        .mapEmpty();
  }

  private LongConsumer lagOf(int loop) {
    return metrics.times(
        "ppstp.event.loop.lag",
        "How late an event loop is, looked at twice a second",
        "loop",
        Integer.toString(loop));
  }

  private PeerRemoval removal(EventSink events) {
    long trackMs = config.timers().track().toMillis();
    return new PeerRemoval(platform.store(), trackMs, clock, events, new SecureRandom());
  }

  private Future<?> deploySwarms(SharedEventLoops loops, int count, RoomBus bus, EventSink events) {
    Live<Function<TrackerStore, SwarmManager>> managers =
        settings.derive(changed -> managers(SwarmRules.of(changed), events));
    PeerQueues queues = new PeerQueues();
    return loops.deploy(count, i -> new SwarmVerticle(i, bus, store, queues, managers));
  }

  private Function<TrackerStore, SwarmManager> managers(SwarmRules rules, EventSink events) {
    SwarmServices services =
        new SwarmServices(
                events,
                metrics::lenient,
                metrics::withheld,
                () -> ThreadLocalRandom.current().nextLong())
            .locating(prepared.selection()::asnOf)
            .closing(swarm -> prepared.rules().now().closes(swarm));
    return confined -> new SwarmManager(confined, rules, clock, services, limits);
  }

  private Future<?> deployValidation(SharedEventLoops loops, int count, RoomBus bus) {
    Live<ReaderRules> rules = settings.derive(ValidationVerticle::rulesOf);
    return loops.deploy(count, i -> new ValidationVerticle(i, bus, rules, metrics));
  }

  private ExpiryVerticle expiryRoom(EventSink events) {
    Expiry expiry = new Expiry(platform.store(), config.timers().track().toMillis(), clock, events);
    Live<Integer> batch = settings.derive(changed -> changed.limits().expiryBatch());
    return new ExpiryVerticle(
        expiry,
        config.timers().tick(),
        config.timers().track(),
        batch::now,
        System::nanoTime,
        metrics);
  }

  private Future<IngressShared> deployIngress(SharedEventLoops loops, int count, RoomBus bus) {
    HttpsFiles https = prepared.https();
    Live<TlsMaterial> tls = https == null ? null : https.live();
    IngressShared shared =
        IngressShared.of(
            bus,
            settings.live(),
            tls,
            authenticator,
            prepared.acceptFilter(),
            metrics,
            InstantSource.system());
    browsers.take(shared.sockets());
    limitUnsent(shared, config);
    shared.bodies().limit(prepared.capacity().bodyBytes());
    settings.follow(changed -> limitUnsent(shared, changed));
    ingressShared = shared;
    controls.take(shared.draining());
    return loops
        .deploy(count, i -> new IngressVerticle(i, shared))
        .onSuccess(deployed -> ingress = deployed)
        .map(shared);
  }

  private void limitUnsent(IngressShared shared, TrackerConfig now) {
    shared.limitUnsent(prepared.capacity().unsentBytes(now.limits()));
  }

  private List<Reloadable> reloadables() {
    List<Reloadable> reloadables = new ArrayList<>(authenticator.reloadables());
    reloadables.add(settings);
    reloadables.addAll(prepared.selection().reloadables());
    reloadables.addAll(prepared.operators().reloadables());
    Optional.ofNullable(prepared.https()).ifPresent(reloadables::add);
    return reloadables;
  }

  private void open(BoundPorts ports) {
    open = true;
    ListenerLog.write(LOG, config, ports, management.port());
    if (!platform.mayServe()) {
      LOG.warn("not ready for traffic: fewer members than cluster.minimum-members");
    }
    LOG.info(
        "ppstp-tracker {} is ready (native transport: {}, peers at most: {})",
        Version.text(),
        platform.vertx().isNativeTransportEnabled() ? "yes" : "no",
        prepared.capacity().peers(config.limits()));
  }

  /** Returns the port of plain HTTP, once started. */
  int httpPort() {
    IngressShared shared = ingressShared;
    return shared == null ? 0 : shared.ports().plain();
  }

  /** Returns the port for operators, once started. */
  int managementPort() {
    return management.port();
  }

  /** Stops taking traffic and waits for the requests in flight. */
  Future<?> drain() {
    open = false;
    LOG.info(
        "stopping: not ready from now on, new connections refused after {}, {} to finish",
        Durations.text(config.shutdown().delay()),
        Durations.text(config.shutdown().deadline()));
    IngressShared shared = ingressShared;
    if (shared != null) {
      shared.draining().change(true);
    }
    return platform
        .vertx()
        .timer(config.shutdown().delay().toMillis(), TimeUnit.MILLISECONDS)
        .compose(noticed -> undeployIngress().compose(done -> browsers.undeploy()));
  }

  /**
   * Ends the rooms behind ingress, and with them the node's part in a cluster. Not for an event
   * loop: there would be none left on which to say that it is done.
   */
  Future<Void> close() {
    platform.resign();
    prepared.telemetry().close();
    return platform.vertx().close();
  }

  private Future<?> undeployIngress() {
    SharedEventLoops.Rooms deployed = ingress;
    Future<?> drained = deployed == null ? Future.succeededFuture() : deployed.undeploy();
    return drained.otherwise(
        failure -> {
          LOG.warn("ingress did not stop cleanly, going on", failure);
          return null;
        });
  }
}
