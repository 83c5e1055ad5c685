package io.ppstp.tracker.config;

/** Checks that the settings of the management port fit together. Confined to one thread. */
final class ManagementChecks {
  private static final String CERTIFICATE = "management.certificate";
  private static final String KEY = "management.key";
  private static final String CLIENT_CA = "management.client-ca";
  private static final String TOKENS = "management.tokens";

  private final TrackerConfig.Management config;
  private final CrossChecks checks;

  ManagementChecks(TrackerConfig.Management config, CrossChecks checks) {
    this.config = config;
    this.checks = checks;
  }

  void run() {
    boolean certificate = config.certificate().isPresent();
    if (checks.sound(CERTIFICATE, KEY) && certificate != config.key().isPresent()) {
      checks.fault(
          certificate ? CERTIFICATE : KEY,
          "is set without " + (certificate ? KEY : CERTIFICATE) + "; set both");
    }
    if (checks.sound(CERTIFICATE, CLIENT_CA) && config.clientCa().isPresent() && !certificate) {
      checks.fault(
          CLIENT_CA, "asks for certificates, which need TLS; set " + CERTIFICATE + " and " + KEY);
    }
    if (checks.sound(CLIENT_CA, "management.writers")
        && config.clientCa().isEmpty()
        && !config.writers().isEmpty()) {
      checks.fault(
          "management.writers",
          "names operators by their certificates, but none are asked for; set " + CLIENT_CA);
    }
    checks.readable(CERTIFICATE, config.certificate());
    checks.readable(KEY, config.key());
    checks.readable(CLIENT_CA, config.clientCa());
    checks.readable(TOKENS, config.tokens(), "a file with a role, a name and a token a line");
  }
}
