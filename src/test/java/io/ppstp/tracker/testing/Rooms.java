package io.ppstp.tracker.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ppstp.tracker.bus.BusEventSink;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.PeerNames;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.IngressShared;
import io.ppstp.tracker.ingress.IngressVerticle;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.swarm.PeerQueues;
import io.ppstp.tracker.swarm.SwarmManager;
import io.ppstp.tracker.swarm.SwarmRules;
import io.ppstp.tracker.swarm.SwarmServices;
import io.ppstp.tracker.swarm.SwarmVerticle;
import io.ppstp.tracker.validation.ValidationVerticle;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Ingress, validation and swarm management in one Vert.x, as the application puts them together.
 */
public final class Rooms {
  private Rooms() {}

  /** Deploys one instance of each and returns the port that ingress listens on. */
  public static int deploy(Vertx vertx) throws ConfigException {
    TrackerConfig config =
        ConfigLoader.load(
            null, Map.of(), List.of("http.port=0", "shutdown.delay=1ms", "shutdown.deadline=1s"));
    TrackerMetrics metrics = new TrackerMetrics(new SimpleMeterRegistry());
    RoomBus bus = RoomBus.create(vertx, 1, 1);
    Function<TrackerStore, SwarmManager> managers =
        store ->
            new SwarmManager(
                store,
                SwarmRules.of(config),
                InstantSource.system(),
                new SwarmServices(
                    new BusEventSink(vertx, new EventNumbers(7, PeerNames.CLEAR), event -> {}),
                    metrics::lenient,
                    metrics::withheld,
                    new AtomicLong()::incrementAndGet));
    TrackerStore store = new LocalStore(config.limits().peers());
    AcceptFilter acceptFilter =
        new AcceptFilter(config, Limits.unbounded(), ip -> false, Audit.NONE);
    IngressShared shared =
        IngressShared.of(
            bus,
            new Live<>(config),
            null,
            Authenticator.OPEN,
            acceptFilter,
            metrics,
            InstantSource.system());
    Await.result(
        vertx.deployVerticle(
            new SwarmVerticle(0, bus, store, new PeerQueues(), new Live<>(managers))));
    Await.result(
        vertx.deployVerticle(
            new ValidationVerticle(0, bus, new Live<>(ReaderRules.DEFAULTS), metrics)));
    Await.result(vertx.deployVerticle(new IngressVerticle(0, shared)));
    return shared.ports().plain();
  }
}
