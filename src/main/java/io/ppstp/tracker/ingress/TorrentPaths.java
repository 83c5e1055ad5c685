package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.BitTorrentConfig;
import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which requests are of BitTorrent clients; immutable.
 *
 * @param announces paths of announces; none if those clients are not served
 * @param scrapes paths of scrapes
 * @param token where requests may bring a bearer token besides their fields
 */
record TorrentPaths(Set<String> announces, Set<String> scrapes, TokenPlace token) {
  private static final String ANNOUNCE = "/announce";
  private static final String SCRAPE = "/scrape";

  /**
   * What a BitTorrent client asks for; immutable.
   *
   * @param scrape whether for numbers of swarms, else it announces itself
   * @param target that says so, without its query but for a token
   */
  record TorrentTarget(boolean scrape, RequestTarget target) {}

  /**
   * Returns the paths that {@code config} sets. That of a scrape has {@code scrape} where that of
   * an announce has {@code announce} behind its last slash; without, there is none (BEP 48).
   */
  static TorrentPaths of(BitTorrentConfig config) {
    if (!config.enabled()) {
      return new TorrentPaths(Set.of(), Set.of(), TokenPlace.OFF);
    }
    Set<String> scrapes = new HashSet<>();
    for (String path : config.paths()) {
      int last = path.lastIndexOf('/');
      if (path.startsWith(ANNOUNCE, last)) {
        scrapes.add(path.substring(0, last) + SCRAPE + path.substring(last + ANNOUNCE.length()));
      }
    }
    return new TorrentPaths(Set.copyOf(config.paths()), Set.copyOf(scrapes), config.token());
  }

  /** Returns what a BitTorrent client asks for by {@code request}; null if it is of nobody such. */
  @Nullable TorrentTarget of(HttpServerRequest request) {
    return announces.isEmpty() || !HttpMethod.GET.equals(request.method())
        ? null
        : of(request.path(), request.query());
  }

  /**
   * Returns what is asked for by a target.
   *
   * @param query null if there is none
   */
  @Nullable TorrentTarget of(@Nullable String path, @Nullable String query) {
    RequestTarget announce = RequestTarget.of(path, query, announces, token);
    if (announce != null) {
      return new TorrentTarget(false, announce);
    }
    RequestTarget scrape = RequestTarget.of(path, query, scrapes, token);
    return scrape == null ? null : new TorrentTarget(true, scrape);
  }
}
