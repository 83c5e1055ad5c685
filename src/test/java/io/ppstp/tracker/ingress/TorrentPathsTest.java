package io.ppstp.tracker.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.config.BitTorrentConfig;
import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import io.ppstp.tracker.ingress.TorrentPaths.TorrentTarget;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TorrentPathsTest {
  private static final List<String> PATHS =
      List.of("/announce", "/a/announce.php", "/announce/x", "/a", "/announce-me");

  private static BitTorrentConfig config(boolean enabled, TokenPlace token) {
    return new BitTorrentConfig(enabled, PATHS, token, List.of(), 50);
  }

  @Test
  void aScrapeHasTheAnnouncesPathButForOneWord() {
    assertEquals(
        Set.of("/scrape", "/a/scrape.php", "/scrape-me"),
        TorrentPaths.of(config(true, TokenPlace.OFF)).scrapes());
  }

  @Test
  void whereTheyAreNotServedNoPathIsTheirs() {
    assertEquals(
        new TorrentPaths(Set.of(), Set.of(), TokenPlace.OFF),
        TorrentPaths.of(config(false, TokenPlace.PATH)));
  }

  @Test
  void aTokenIsWhereTheOperatorSays() {
    TorrentPaths open = TorrentPaths.of(config(true, TokenPlace.OFF));
    assertEquals(asked(false, "/announce", null), open.of("/announce", "token=abc"));
    assertNull(open.of("/abc/announce", null));
    assertNull(open.of("/abc/scrape", null));

    TorrentPaths query = TorrentPaths.of(config(true, TokenPlace.QUERY));
    assertEquals(asked(false, "/announce", "abc"), query.of("/announce", "token=abc&port=1"));
    assertEquals(asked(true, "/scrape", "abc"), query.of("/scrape", "info_hash=x&token=abc"));

    TorrentPaths path = TorrentPaths.of(config(true, TokenPlace.PATH));
    assertEquals(asked(false, "/announce", "abc"), path.of("/abc/announce", "token=def"));
    assertEquals(asked(false, "/announce", "abc"), path.of("/announce/abc", null));
    // What a client makes of /abc/announce for a scrape (BEP 48).
    assertEquals(asked(true, "/scrape", "abc"), path.of("/abc/scrape", null));
    assertNull(path.of("/abc/def/announce", null));
  }

  private static TorrentTarget asked(boolean scrape, String path, @Nullable String token) {
    return new TorrentTarget(scrape, new RequestTarget(path, token, false));
  }
}
