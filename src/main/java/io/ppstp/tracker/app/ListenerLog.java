package io.ppstp.tracker.app;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.IngressShared.BoundPorts;
import org.slf4j.Logger;

/** Says where a tracker listens. Stateless. */
final class ListenerLog {
  private ListenerLog() {}

  /** Says in {@code log} where all listeners are that {@code config} has. */
  static void write(Logger log, TrackerConfig config, BoundPorts ports, int managementPort) {
    if (config.http().enabled()) {
      log.info("listening on http://{}:{}", PortCheck.inUrl(config.http().host()), ports.plain());
    }
    if (config.https().enabled()) {
      log.info("listening on https://{}:{}", PortCheck.inUrl(config.https().host()), ports.tls());
    }
    String host = PortCheck.inUrl(config.management().host());
    String scheme = config.management().certificate().isPresent() ? "https" : "http";
    log.info("management on {}://{}:{}", scheme, host, managementPort);
  }
}
