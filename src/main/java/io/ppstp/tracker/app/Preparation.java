package io.ppstp.tracker.app;

import io.ppstp.tracker.app.ConfigSource.Startup;
import io.ppstp.tracker.app.process.ProxyHint;
import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.app.tls.Certificates;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Durations;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.security.Audit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tracker has before its platform, read from files and tried; immutable. Each part is
 * thread-safe.
 *
 * @param https null if HTTPS is not served
 * @param rules of operators, which are read when there is a platform
 */
record Preparation(
    TrackerConfig config,
    LiveSettings settings,
    @Nullable HttpsFiles https,
    OperatorFiles operators,
    Live<RuleSet> rules,
    Limits limits,
    AcceptFilter acceptFilter,
    Audit audit,
    Capacity capacity,
    PeerSelection selection,
    Telemetry telemetry,
    Startup startup) {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

  /**
   * Prepares what {@code config} asks for. Reads files, so not for an event loop.
   *
   * @throws StartException if there is something that the operator can mend
   */
  static Preparation of(TrackerConfig config, Startup startup) throws StartException {
    startup.files().note(config);
    Capacity capacity = Capacity.ofThisProcess(config);
    capacity.warnings(config.limits()).forEach(LOG::warn);
    if (startup.sighup().isDeaf()) {
      LOG.info(
          "SIGHUP is ignored in this process, as under nohup: changed files are noticed every {}",
          Durations.text(config.reload().interval()));
    }
    ProxyHint.of(config).ifPresent(LOG::info);
    Certificates.checkBus(config.cluster());
    HttpsFiles https = config.https().enabled() ? new HttpsFiles(config.https()) : null;
    Limits limits = LimitsFactory.of(config);
    Audit audit = new Audit();
    Live<RuleSet> rules = new Live<>(RuleSet.NONE);
    return new Preparation(
        config,
        new LiveSettings(startup.source(), config),
        https,
        OperatorFiles.of(config.management(), audit),
        rules,
        limits,
        new AcceptFilter(config, limits, ip -> rules.now().refuses(ip), audit),
        audit,
        capacity,
        PeerSelection.of(config.selection()),
        Telemetry.of(config),
        startup);
  }
}
