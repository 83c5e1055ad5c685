package io.ppstp.tracker.ingress;

import io.ppstp.tracker.config.BitTorrentConfig;
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
 */
record TorrentPaths(Set<String> announces, Set<String> scrapes) {
  private static final String ANNOUNCE = "/announce";
  private static final String SCRAPE = "/scrape";

  /** What a BitTorrent client asks for. */
  enum TorrentAction {
    ANNOUNCE,
    SCRAPE
  }

  /**
   * Returns the paths that {@code config} sets. That of a scrape has {@code scrape} where that of
   * an announce has {@code announce} behind its last slash; without, there is none (BEP 48).
   */
  static TorrentPaths of(BitTorrentConfig config) {
    if (!config.enabled()) {
      return new TorrentPaths(Set.of(), Set.of());
    }
    Set<String> scrapes = new HashSet<>();
    for (String path : config.paths()) {
      int last = path.lastIndexOf('/');
      if (path.startsWith(ANNOUNCE, last)) {
        scrapes.add(path.substring(0, last) + SCRAPE + path.substring(last + ANNOUNCE.length()));
      }
    }
    return new TorrentPaths(Set.copyOf(config.paths()), Set.copyOf(scrapes));
  }

  /** Returns what a BitTorrent client asks for by {@code request}; null if it is of nobody such. */
  @Nullable TorrentAction actionOf(HttpServerRequest request) {
    if (announces.isEmpty() || !HttpMethod.GET.equals(request.method())) {
      return null;
    }
    String path = request.path();
    if (announces.contains(path)) {
      return TorrentAction.ANNOUNCE;
    }
    return scrapes.contains(path) ? TorrentAction.SCRAPE : null;
  }
}
