package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig.StatusMapping;
import io.ppstp.tracker.ingress.http.Origins;
import java.time.Duration;
import java.util.Set;

/**
 * The part of the configuration that requests are held to; immutable.
 *
 * @param paths POST paths served, empty for any
 * @param origins web pages that may send requests
 * @param torrents the requests of BitTorrent clients
 * @param clientCertificates whether the HTTPS listener asks for them
 * @param maxBody bytes
 * @param unsentPerConnection bytes
 * @param controlFrames of one HTTP/2 connection in 30 seconds
 * @param idleTimeout from an answer to the next request
 * @param requestDeadline from a request's headers to its last byte
 * @param replyDeadline from a request's last byte to the answer of the rooms behind
 * @param responseDeadline from that answer until the client has read it
 */
record IngressRules(
    StatusMapping status,
    Set<String> paths,
    Origins origins,
    TorrentPaths torrents,
    boolean clientCertificates,
    int maxBody,
    int unsentPerConnection,
    int controlFrames,
    Duration idleTimeout,
    Duration requestDeadline,
    Duration replyDeadline,
    Duration responseDeadline) {

  static IngressRules of(TrackerConfig config) {
    return new IngressRules(
        config.http().status(),
        Set.copyOf(config.http().paths()),
        new Origins(Set.copyOf(config.http().allowedOrigins())),
        TorrentPaths.of(config.bittorrent()),
        config.https().clientCertificates() != ClientCertificates.OFF,
        config.limits().body(),
        config.limits().unsent().perConnection(),
        config.limits().http2().controlFrames(),
        config.http().idleTimeout(),
        config.http().requestDeadline(),
        config.timers().reply(),
        config.http().responseDeadline());
  }
}
