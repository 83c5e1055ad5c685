package io.ppstp.tracker.config;

import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import java.util.List;

/**
 * BitTorrent clients that announce themselves over HTTP; immutable.
 *
 * @param enabled whether they are served
 * @param paths of announces; a scrape has {@code scrape} in place of {@code announce}
 * @param token where in the URL a client may bring a bearer token
 * @param allowed hashes of the swarms that may be used, in hexadecimal; all if there are none
 * @param peers listed in one answer at most
 */
public record BitTorrentConfig(
    boolean enabled, List<String> paths, TokenPlace token, List<String> allowed, int peers) {
  /** Copies the lists, so that the record is immutable. */
  public BitTorrentConfig {
    paths = List.copyOf(paths);
    allowed = List.copyOf(allowed);
  }
}
