package io.ppstp.tracker.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.expiry.ExpiryVerticle;
import io.ppstp.tracker.ingress.BoundPorts;
import io.ppstp.tracker.ingress.InFlight;
import io.ppstp.tracker.ingress.IngressVerticle;
import io.ppstp.tracker.management.ManagementVerticle;
import io.ppstp.tracker.management.NodeHealth;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Gate;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.swarm.SwarmManager;
import io.ppstp.tracker.swarm.SwarmRules;
import io.ppstp.tracker.swarm.SwarmVerticle;
import io.ppstp.tracker.validation.ValidationVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.BindException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running tracker: its rooms, deployed from the back to the front, so that ingress listens only
 * when everything behind it is ready, and stopped from the front to the back. Thread-safe.
 */
final class Tracker {
  private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

  private final TrackerConfig config;
  private final Platform platform;
  private final @Nullable PemKeyCertOptions certificate;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final TrackerMetrics metrics = new TrackerMetrics(registry);
  private final InstantSource clock;
  private final BoundPorts ports = new BoundPorts();
  private final InFlight inFlight;
  private final Gate gate;
  private final ManagementVerticle management;
  private final List<String> ingressIds = new ArrayList<>();
  private volatile boolean open;

  private Tracker(
      TrackerConfig config, Platform platform, @Nullable PemKeyCertOptions certificate, Gate gate) {
    this.config = config;
    this.platform = platform;
    this.certificate = certificate;
    this.gate = gate;
    this.clock = platform.clock();
    this.inFlight = new InFlight(config.limits().inFlight());
    this.management =
        new ManagementVerticle(
            config.management(),
            platform.store(),
            registry,
            metrics,
            new NodeHealth(() -> open && platform.mayServe(), platform::describe),
            clock,
            Version.text());
    metrics.gauge("ppstp.in.flight", "Requests being worked on", inFlight, InFlight::count);
  }

  /**
   * Starts a tracker and opens it for traffic. The future fails with a {@link StartException} if
   * there is something that the operator can mend.
   */
  static Future<Tracker> start(TrackerConfig config) {
    return Platform.of(config)
        .compose(platform -> start(config, platform))
        .recover(Tracker::explain);
  }

  private static Future<Tracker> start(TrackerConfig config, Platform platform) {
    return platform
        .vertx()
        .executeBlocking(
            () -> Optional.ofNullable(Certificates.of(config.https(), platform.vertx())))
        .compose(
            certificate ->
                Gates.of(config.auth(), new Audit())
                    .map(gate -> new Tracker(config, platform, certificate.orElse(null), gate)))
        .compose(tracker -> tracker.deployRooms().map(tracker));
  }

  private Future<Void> deployRooms() {
    int swarms = instances(config.instances().swarm());
    RoomBus bus = RoomBus.create(platform.vertx(), swarms, config.limits().inFlight());
    EventSink events = platform.events();
    SwarmRules rules = SwarmRules.of(config);
    Expiry expiry = new Expiry(platform.store(), rules.connect().timers(), clock, events);
    return deploy(management)
        .compose(done -> deploySwarms(swarms, bus, rules, events))
        .compose(done -> deploy(expiryRoom(expiry)))
        .compose(done -> platform.deployOwnWork())
        .compose(done -> deployValidation(bus))
        .compose(done -> deployIngress(bus))
        .onSuccess(done -> open())
        .mapEmpty();
  }

  /** A port that was free a moment ago can be taken by now. */
  private static <T> Future<T> explain(Throwable failure) {
    return Future.failedFuture(
        failure instanceof BindException
            ? new StartException("a port cannot be listened on: " + failure.getMessage())
            : failure);
  }

  private Future<?> deploySwarms(int count, RoomBus bus, SwarmRules rules, EventSink events) {
    Function<TrackerStore, SwarmManager> managers =
        store ->
            new SwarmManager(
                store,
                rules,
                clock,
                () -> ThreadLocalRandom.current().nextLong(),
                events,
                metrics::lenient,
                metrics::withheld);
    return deploy(count, i -> new SwarmVerticle(i, bus, platform.store(), managers));
  }

  private Future<?> deployValidation(RoomBus bus) {
    ReaderRules rules = readerRules();
    return deploy(
        instances(config.instances().validation()),
        i -> new ValidationVerticle(bus, rules, metrics));
  }

  private ExpiryVerticle expiryRoom(Expiry expiry) {
    return new ExpiryVerticle(
        expiry, config.timers().tick(), config.limits().expiryBatch(), metrics);
  }

  private ReaderRules readerRules() {
    return new ReaderRules(
        config.limits().depth(),
        config.limits().peerId(),
        config.limits().swarmId(),
        config.limits().addressesPerPeer(),
        config.peerList().maximum(),
        config.policy().strict(),
        config.policy().foldHexIds());
  }

  private Future<Void> deployIngress(RoomBus bus) {
    return deploy(
            instances(config.instances().ingress()),
            i -> new IngressVerticle(i, bus, config, certificate, gate, inFlight, metrics, ports))
        .onSuccess(ingressIds::addAll)
        .mapEmpty();
  }

  private Future<String> deploy(Deployable room) {
    return platform.vertx().deployVerticle(room);
  }

  private Future<List<String>> deploy(int count, IntFunction<Deployable> room) {
    List<Future<String>> deployed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      deployed.add(deploy(room.apply(i)));
    }
    return Future.join(deployed).map(done -> deployed.stream().map(Future::result).toList());
  }

  private static int instances(int configured) {
    return configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
  }

  private void open() {
    open = true;
    if (config.http().enabled()) {
      LOG.info("listening on http://{}:{}", Urls.host(config.http().host()), ports.plain());
    }
    if (config.https().enabled()) {
      LOG.info("listening on https://{}:{}", Urls.host(config.https().host()), ports.tls());
    }
    String host = Urls.host(config.management().host());
    LOG.info("management on http://{}:{}", host, management.port());
    if (!platform.mayServe()) {
      LOG.warn("not ready for traffic: fewer members than cluster.minimum-members");
    }
    LOG.info(
        "ppstp-tracker {} is ready (native transport: {}, peers at most: {})",
        Version.text(),
        platform.vertx().isNativeTransportEnabled() ? "yes" : "no",
        config.limits().peers());
  }

  /** Stops taking traffic and waits for the requests in flight. */
  Future<?> drain() {
    open = false;
    LOG.info("stopping: not ready from now on, {} to finish", config.shutdown().deadline());
    return platform
        .vertx()
        .timer(config.shutdown().delay().toMillis(), TimeUnit.MILLISECONDS)
        .compose(noticed -> undeployIngress());
  }

  /**
   * Ends the rooms behind ingress, and with them the node's part in a cluster. Not for an event
   * loop: there would be none left on which to say that it is done.
   */
  Future<Void> close() {
    return platform.vertx().close();
  }

  private Future<?> undeployIngress() {
    List<Future<Void>> drained = new ArrayList<>();
    for (String id : ingressIds) {
      drained.add(platform.vertx().undeploy(id));
    }
    Future<?> all = drained.isEmpty() ? Future.succeededFuture() : Future.join(drained);
    return all.otherwise(
        failure -> {
          LOG.warn("ingress did not stop cleanly, going on", failure);
          return null;
        });
  }
}
