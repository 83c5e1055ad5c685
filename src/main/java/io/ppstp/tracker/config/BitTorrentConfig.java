package io.ppstp.tracker.config;

import java.util.List;

/**
 * BitTorrent clients that announce themselves over HTTP; immutable.
 *
 * @param enabled whether they are served
 * @param paths of announces; a scrape has {@code scrape} in place of {@code announce}
 * @param peers listed in one answer at most
 */
public record BitTorrentConfig(boolean enabled, List<String> paths, int peers) {
  /** Copies the list, so that the record is immutable. */
  public BitTorrentConfig {
    paths = List.copyOf(paths);
  }
}
