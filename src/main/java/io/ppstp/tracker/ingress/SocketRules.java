package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.WebTorrentConfig;
import io.ppstp.tracker.ingress.http.Origins;
import java.time.Duration;
import java.util.Set;

/**
 * The part of the configuration that WebSockets are held to; immutable.
 *
 * @param paths that they are opened on; none if there are to be no WebSockets
 * @param anyOrigin whether pages of all origins may open them
 * @param origins of pages that may
 * @param pingInterval between two pings
 * @param idleTimeout the longest time without a message
 */
record SocketRules(
    Set<String> paths,
    boolean anyOrigin,
    Origins origins,
    Duration pingInterval,
    Duration idleTimeout) {

  static SocketRules of(TrackerConfig config) {
    WebTorrentConfig webtorrent = config.webtorrent();
    Set<String> origins = Set.copyOf(webtorrent.origins());
    return new SocketRules(
        webtorrent.enabled() ? Set.copyOf(webtorrent.paths()) : Set.of(),
        origins.contains(WebTorrentConfig.ANY),
        new Origins(origins),
        webtorrent.pingInterval(),
        webtorrent.idleTimeout());
  }
}
