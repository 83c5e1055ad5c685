package io.ppstp.tracker.config;

/** Checks that the bounds on clients fit together; confined to the caller's thread. */
final class LimitChecks {
  private final TrackerConfig config;
  private final CrossChecks checks;

  LimitChecks(TrackerConfig config, CrossChecks checks) {
    this.config = config;
    this.checks = checks;
  }

  void run() {
    connections();
    networks();
    lockOut();
  }

  private void connections() {
    LimitsConfig.Connections connections = config.limits().connections();
    if (checks.sound("limits.connections.per-address", "limits.connections.total")
        && connections.perAddress() > connections.total()) {
      checks.fault(
          "limits.connections.per-address",
          connections.perAddress()
              + " is more than the "
              + connections.total()
              + " of "
              + checks.named("limits.connections.total")
              + "; one client could take all, so lower it or raise that");
    }
    if (checks.sound("limits.connections.first-request", "http.request-deadline")
        && connections.firstRequest().compareTo(config.http().requestDeadline()) < 0) {
      checks.fault(
          "limits.connections.first-request",
          "is shorter than "
              + checks.named("http.request-deadline")
              + ", which could never run out on a first request; lengthen it or shorten that");
    }
  }

  private void networks() {
    LimitsConfig limits = config.limits();
    if (checks.sound("limits.ipv6-network", "limits.ipv6-prefix")
        && limits.ipv6Network() != 0
        && limits.ipv6Network() >= limits.ipv6Prefix()) {
      checks.fault(
          "limits.ipv6-network",
          limits.ipv6Network()
              + " is not less than the "
              + limits.ipv6Prefix()
              + " of "
              + checks.named("limits.ipv6-prefix")
              + "; a network holds many clients, so lower it or set it to 0");
    }
  }

  /** Peers that share an address with a guesser must not lose their registrations to it. */
  private void lockOut() {
    TrackerConfig.Timers timers = config.timers();
    String key = "limits.lock-out.duration";
    LimitsConfig.LockOut lockOut = config.limits().lockOut();
    if (checks.sound(key, "timers.track")
        && checks.isWritten(key)
        && lockOut.duration().compareTo(timers.track()) >= 0) {
      checks.fault(
          key,
          "is not shorter than "
              + checks.named("timers.track")
              + "; peers behind the same address would expire in it, so shorten it");
    }
  }
}
