package io.ppstp.tracker.config;

import java.time.Duration;
import java.util.List;

/**
 * Browsers that speak the WebTorrent tracker protocol over WebSocket; immutable.
 *
 * @param enabled whether they are served
 * @param paths that WebSockets are opened on
 * @param origins of web pages that may open them besides the tracker's own; {@link #ANY} is all
 * @param token where in the URL a page may bring a bearer token
 * @param allowed swarms that may be used, in hexadecimal or as channels, see {@link
 *     TorrentSettings}; all if there are none
 * @param sockets open at a time
 * @param pingInterval how often each is pinged
 * @param idleTimeout how long one may be without a message
 * @param offersPerSecond that one member of a swarm gets at most
 */
public record WebTorrentConfig(
    boolean enabled,
    List<String> paths,
    List<String> origins,
    TokenPlace token,
    List<String> allowed,
    int sockets,
    Duration pingInterval,
    Duration idleTimeout,
    int offersPerSecond) {
  /** Stands for every origin. */
  public static final String ANY = "*";

  /** Copies the lists, so that the record is immutable. */
  public WebTorrentConfig {
    paths = List.copyOf(paths);
    origins = List.copyOf(origins);
    allowed = List.copyOf(allowed);
  }

  /**
   * Where in a URL a bearer token stands, of those who can bring it no other way: pages that open a
   * WebSocket, and BitTorrent clients.
   */
  public enum TokenPlace {
    /** Nowhere. */
    OFF,
    /** In the query, as {@code ?token=}. */
    QUERY,
    /** In the path, as a segment before or behind one of the paths. */
    PATH
  }
}
