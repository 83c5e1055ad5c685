package io.ppstp.tracker.app;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.LimitRules;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.metrics.TrackerMetrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** Puts the limits together that the configuration asks for. Stateless. */
final class LimitsFactory {
  private LimitsFactory() {}

  static Limits of(TrackerConfig config) {
    return new Limits(
        rules(config.limits(), config.timers().track()),
        System::nanoTime,
        new SecureRandom().nextLong(),
        config.timers().track().plus(config.timers().tick()),
        config.limits().peers());
  }

  /**
   * Returns what {@code config} says of it.
   *
   * @param track the time that a peer stays without a request; by default a lock-out is shorter
   */
  static LimitRules rules(LimitsConfig config, Duration track) {
    LimitsConfig.Connections connections = config.connections();
    LimitsConfig.Rate rate = config.rate();
    LimitsConfig.LockOut lockOut = config.lockOut();
    return new LimitRules(
        CidrList.parse(config.exempt()),
        config.ipv4Prefix(),
        new LimitRules.Connections(
            connections.total(),
            connections.perAddress(),
            connections.firstRequest(),
            connections.maxAge()),
        new Rate(rate.requests(), rate.requestsBurst()),
        new Rate(rate.identity(), rate.identityBurst()),
        new Rate(rate.registrations(), rate.registrationsBurst()),
        config.peersPerAddress(),
        new LimitRules.LockOut(
            lockOut.failures(),
            lockOut.window(),
            lockOut.duration().compareTo(track) < 0 ? lockOut.duration() : track.dividedBy(2)),
        new LimitRules.Ipv6(config.ipv6Prefix(), config.ipv6Network(), config.networkFactor()));
  }

  /** Returns {@code events}, and lets {@code limits} hear of peers that are registered no more. */
  static EventSink heardBy(Limits limits, EventSink events) {
    return events.noting(event -> hear(limits, event));
  }

  private static void hear(Limits limits, TrackerEvent event) {
    boolean ended =
        event instanceof TrackerEvent.Expired
            || (event instanceof TrackerEvent.Left left && !left.registered());
    if (ended) {
      limits.left(event.peerId());
    }
  }

  /** Shows in {@code metrics} what clients ran into, and how full the tables are. */
  static void show(Limits limits, TrackerMetrics metrics) {
    for (Limit limit : Limit.values()) {
      metrics.counter(
          "ppstp.limited",
          "Connections closed and requests refused because of a limit",
          "limit",
          limit.label(),
          limits,
          it -> it.hits(limit));
    }
    metrics.gauge("ppstp.connections", "Open connections", limits, Limits::openConnections);
    occupancy(limits, metrics, "requests", Limits.Occupancy::requests);
    occupancy(limits, metrics, "identities", Limits.Occupancy::identities);
    occupancy(limits, metrics, "registrations", Limits.Occupancy::registrations);
    occupancy(limits, metrics, "lock-outs", Limits.Occupancy::lockOuts);
    occupancy(limits, metrics, "peers", Limits.Occupancy::peers);
    occupancy(limits, metrics, "peer-clients", Limits.Occupancy::peerClients);
  }

  private static void occupancy(
      Limits limits,
      TrackerMetrics metrics,
      String table,
      ToDoubleFunction<Limits.Occupancy> value) {
    metrics.gauge(
        "ppstp.limit.entries",
        "Entries in force in the tables that limits are kept in",
        "table",
        table,
        limits,
        it -> value.applyAsDouble(it.occupancy()));
  }
}
