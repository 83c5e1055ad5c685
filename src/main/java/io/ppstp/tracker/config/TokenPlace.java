package io.ppstp.tracker.config;

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
