package io.ppstp.tracker.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.bus.BusEventSink;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.expiry.ExpiryVerticle;
import io.ppstp.tracker.ingress.BoundPorts;
import io.ppstp.tracker.ingress.InFlight;
import io.ppstp.tracker.ingress.IngressVerticle;
import io.ppstp.tracker.management.ManagementVerticle;
import io.ppstp.tracker.management.Readiness;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.swarm.SwarmManager;
import io.ppstp.tracker.swarm.SwarmRules;
import io.ppstp.tracker.swarm.SwarmVerticle;
import io.ppstp.tracker.validation.ValidationVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
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
  private final Vertx vertx;
  private final @Nullable PemKeyCertOptions certificate;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final TrackerMetrics metrics = new TrackerMetrics(registry);
  private final InstantSource clock = new SteadyClock();
  private final Readiness readiness = new Readiness();
  private final BoundPorts ports = new BoundPorts();
  private final InFlight inFlight;
  private final TrackerStore store;
  private final ManagementVerticle management;
  private final List<String> ingressIds = new ArrayList<>();

  /**
   * Prepares a tracker; nothing runs yet.
   *
   * @throws StartException if its certificate cannot be had
   */
  Tracker(TrackerConfig config) throws StartException {
    this.config = config;
    this.vertx = Vertx.vertx(vertxOptions());
    this.certificate = Certificates.of(config.https(), vertx);
    this.inFlight = new InFlight(config.limits().inFlight());
    this.store = new LocalStore(config.limits().peers());
    this.management =
        new ManagementVerticle(
            config.management(), store, registry, metrics, readiness, clock, Version.text());
    metrics.gauge("ppstp.in.flight", "Requests being worked on", inFlight, InFlight::count);
  }

  private static VertxOptions vertxOptions() {
    // Nothing is served from files, so nothing has to be cached in any.
    FileSystemOptions noFiles =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions().setPreferNativeTransport(true).setFileSystemOptions(noFiles);
  }

  /** Deploys all rooms and opens for traffic; fails with a {@link StartException}. */
  Future<Void> start() {
    int swarms = instances(config.instances().swarm());
    RoomBus bus = RoomBus.create(vertx, swarms, config.limits().inFlight());
    EventSink events = new BusEventSink(vertx);
    SwarmRules rules = SwarmRules.of(config);
    SwarmManager manager =
        new SwarmManager(
            store,
            rules,
            clock,
            () -> ThreadLocalRandom.current().nextLong(),
            events,
            metrics::lenient);
    Expiry expiry = new Expiry(store, rules.connect().timers(), clock, events);
    ReaderRules readerRules = readerRules();
    return deploy(management)
        .compose(done -> deploy(swarms, i -> new SwarmVerticle(i, bus, manager)))
        .compose(done -> deploy(expiryRoom(expiry)))
        .compose(
            done ->
                deploy(
                    instances(config.instances().validation()),
                    i -> new ValidationVerticle(bus, readerRules, metrics)))
        .compose(done -> deployIngress(bus))
        .onSuccess(done -> open())
        .recover(Tracker::explain)
        .mapEmpty();
  }

  /** A port that was free a moment ago can be taken by now. */
  private static <T> Future<T> explain(Throwable failure) {
    return Future.failedFuture(
        failure instanceof BindException
            ? new StartException("a port cannot be listened on: " + failure.getMessage())
            : failure);
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
            i -> new IngressVerticle(i, bus, config, certificate, inFlight, metrics, ports))
        .onSuccess(ingressIds::addAll)
        .mapEmpty();
  }

  private Future<String> deploy(Deployable room) {
    return vertx.deployVerticle(room);
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
    readiness.set(true);
    if (config.http().enabled()) {
      LOG.info("listening on http://{}:{}", Urls.host(config.http().host()), ports.plain());
    }
    if (config.https().enabled()) {
      LOG.info("listening on https://{}:{}", Urls.host(config.https().host()), ports.tls());
    }
    String host = Urls.host(config.management().host());
    LOG.info("management on http://{}:{}", host, management.port());
    LOG.info(
        "ppstp-tracker {} is ready (native transport: {}, peers at most: {})",
        Version.text(),
        vertx.isNativeTransportEnabled() ? "yes" : "no",
        config.limits().peers());
  }

  /** Stops taking traffic, waits for the requests in flight, then stops the rooms behind. */
  Future<Void> stop() {
    readiness.set(false);
    Duration deadline = config.shutdown().deadline();
    LOG.info("stopping: no new connections, {} for the requests in flight", deadline);
    List<Future<Void>> drained = new ArrayList<>();
    for (String id : ingressIds) {
      drained.add(vertx.undeploy(id));
    }
    Future<Void> front =
        drained.isEmpty() ? Future.succeededFuture() : Future.join(drained).mapEmpty();
    return front
        .recover(
            failure -> {
              LOG.warn("ingress did not stop cleanly, going on", failure);
              return Future.succeededFuture();
            })
        .compose(done -> vertx.close());
  }
}
