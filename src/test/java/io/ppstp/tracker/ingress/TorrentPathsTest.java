package io.ppstp.tracker.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.config.BitTorrentConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TorrentPathsTest {
  private static final List<String> PATHS =
      List.of("/announce", "/a/announce.php", "/announce/x", "/a", "/announce-me");

  @Test
  void aScrapeHasTheAnnouncesPathButForOneWord() {
    assertEquals(
        Set.of("/scrape", "/a/scrape.php", "/scrape-me"),
        TorrentPaths.of(new BitTorrentConfig(true, PATHS, 50)).scrapes());
  }

  @Test
  void whereTheyAreNotServedNoPathIsTheirs() {
    assertEquals(
        new TorrentPaths(Set.of(), Set.of()),
        TorrentPaths.of(new BitTorrentConfig(false, PATHS, 50)));
  }
}
