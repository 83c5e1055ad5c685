package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.ClientCertificates;
import io.ppstp.tracker.config.StatusMapping;
import io.ppstp.tracker.config.TrackerConfig;
import java.time.Duration;
import java.util.Set;

/**
 * The part of the configuration that requests are held to; immutable.
 *
 * @param paths POST paths served, empty for any
 * @param clientCertificates whether the HTTPS listener asks for them
 * @param maxBody bytes
 * @param idleTimeout from an answer to the next request
 * @param requestDeadline from a request's headers to its last byte
 * @param replyDeadline from a request's last byte to the answer of the rooms behind
 */
record IngressRules(
    StatusMapping status,
    Set<String> paths,
    boolean clientCertificates,
    int maxBody,
    Duration idleTimeout,
    Duration requestDeadline,
    Duration replyDeadline) {

  static IngressRules of(TrackerConfig config) {
    return new IngressRules(
        config.http().status(),
        Set.copyOf(config.http().paths()),
        config.https().clientCertificates() != ClientCertificates.OFF,
        config.limits().body(),
        config.http().idleTimeout(),
        config.http().requestDeadline(),
        config.timers().reply());
  }
}
