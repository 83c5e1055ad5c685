package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.WebTorrentConfig;
import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import io.ppstp.tracker.ingress.http.Origins;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of the configuration that WebSockets are held to; immutable.
 *
 * @param paths that they are opened on; none if there are to be no WebSockets
 * @param token where requests may bring a bearer token besides their fields
 * @param anyOrigin whether pages of all origins may open them
 * @param origins of pages that may
 * @param pingInterval between two pings
 * @param idleTimeout the longest time without a message
 */
record SocketRules(
    Set<String> paths,
    TokenPlace token,
    boolean anyOrigin,
    Origins origins,
    Duration pingInterval,
    Duration idleTimeout) {

  static SocketRules of(TrackerConfig config) {
    WebTorrentConfig webtorrent = config.webtorrent();
    Set<String> origins = Set.copyOf(webtorrent.origins());
    return new SocketRules(
        webtorrent.enabled() ? Set.copyOf(webtorrent.paths()) : Set.of(),
        webtorrent.token(),
        origins.contains(WebTorrentConfig.ANY),
        new Origins(origins),
        webtorrent.pingInterval(),
        webtorrent.idleTimeout());
  }

  /** Returns what a request's target says, null if there are no WebSockets. */
  @Nullable RequestTarget target(HttpServerRequest request) {
    return RequestTarget.of(request.path(), request.query(), paths, token);
  }
}
