package io.ppstp.tracker.bittorrent.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Announce;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Event;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Malformed;
import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Scrape;
import io.ppstp.tracker.testing.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QueryReaderTest {
  private static final String HASH = "info_hash=%00%01%ffabcdefghij%7E._-%2bK+";
  private static final String HASH_HEX = "0001ff6162636465666768696a7e2e5f2d2b4b2b";
  private static final String PEER = "&peer_id=-AB0001-abcdefghijkl";
  private static final String PEER_HEX = "2d4142303030312d6162636465666768696a6b6c";
  private static final String GOOD = HASH + PEER + "&port=6881&left=5";

  private static Announce read(String query) {
    return assertInstanceOf(Announce.class, QueryReader.announce(query), query);
  }

  private static String fault(String query) {
    return assertInstanceOf(Malformed.class, QueryReader.announce(query), query).reason();
  }

  @Test
  void anAnnounceIsReadWhateverItsOrder() {
    Announce expected = new Announce(HASH_HEX, PEER_HEX, 6881, false, Event.NONE, -1);

    assertEquals(expected, read(GOOD));
    assertEquals(expected, read("left=5&port=6881" + PEER + "&" + HASH));
    assertEquals(
        expected, read("&&a&b=&=c&" + GOOD + "&compact=1&key=%zz&uploaded=-1&no_peer_id=1&"));
  }

  @Test
  void whatAClientSaysOfItsAddressIsPassedOver() {
    assertEquals(
        read(GOOD), read(GOOD + "&ip=192.0.2.1&ipv4=192.0.2.1:80&ipv6=2001:db8::1&ip=192.0.2.2"));
  }

  @Test
  void bytesBeyondAsciiMayStandUnescaped() {
    assertEquals(
        "ff".repeat(20), read("info_hash=" + "\u00ff".repeat(20) + PEER + "&port=1").infoHash());
  }

  @Test
  void whoHasNothingLeftIsComplete() {
    assertTrue(read(HASH + PEER + "&port=1&left=0").complete());
    assertTrue(read(GOOD + "&event=completed").complete());
    assertEquals(Event.COMPLETED, read(GOOD + "&event=completed").event());
    // Of a magnet link whose size is not known, of clients that count below zero, or of none.
    for (String left : List.of("&left=18446744073709551615", "&left=-1", "&left=-0", "")) {
      assertEquals(false, read(HASH + PEER + "&port=1" + left).complete(), left);
    }
  }

  @Test
  void eventsThatAreNotKnownMeanThatAClientIsThere() {
    assertEquals(Event.STARTED, read(GOOD + "&event=started").event());
    assertEquals(Event.STOPPED, read(GOOD + "&event=stopped").event());
    for (String event : List.of("", "paused", "Stopped", "stoppe", "stopped1")) {
      assertEquals(Event.NONE, read(GOOD + "&event=" + event).event(), event);
    }
  }

  @Test
  void aNumberOfPeersIsBoundedByItsTypeAlone() {
    assertEquals(30, read(GOOD + "&numwant=30").wanted());
    assertEquals(0, read(GOOD + "&numwant=0").wanted());
    assertEquals(Integer.MAX_VALUE, read(GOOD + "&numwant=99999999999999999999").wanted());
    assertEquals(Announce.NOT_STATED, read(GOOD + "&numwant=-7").wanted());
  }

  @Test
  void whatIsWrongIsSaid() {
    assertEquals("info_hash is missing", fault(""));
    assertEquals("peer_id is missing", fault(HASH + "&port=1"));
    assertEquals("port is missing", fault(HASH + PEER));
    assertEquals("info_hash has less than 20 bytes", fault("info_hash=abc" + PEER + "&port=1"));
    assertEquals("info_hash has more than 20 bytes", fault(HASH + "a" + PEER + "&port=1"));
    assertEquals("peer_id has less than 20 bytes", fault(HASH + "&peer_id=&port=1"));
    for (String escape : List.of("%", "%0", "%0g", "%g0", "%%%", "%-1", "%\u0660\u0660")) {
      assertEquals("info_hash has a bad escape", fault("info_hash=" + escape), escape);
    }
    assertEquals("info_hash has a bad escape", fault("info_hash=\u0100" + PEER));
    for (String port : List.of("65536", "-1", "-0", "99999999999999999999")) {
      assertEquals("port is none", fault(HASH + PEER + "&port=" + port), port);
    }
    for (String no : List.of("", "-", "x", "1x", "+1", "1 ", "0x1", "\u0661", "1".repeat(21))) {
      assertEquals("port is no number", fault(HASH + PEER + "&port=" + no), no);
      assertEquals("left is no number", fault(HASH + PEER + "&port=1&left=" + no), no);
      assertEquals("numwant is no number", fault(GOOD + "&numwant=" + no), no);
    }
  }

  @Test
  void nothingThatCountsStandsTwice() {
    for (String twice :
        List.of(HASH, PEER.substring(1), "port=6881", "left=5", "left=-1", "port=1")) {
      String key = twice.substring(0, twice.indexOf('='));
      assertEquals(key + " stands twice", fault(GOOD + "&" + twice));
    }
    assertEquals("event stands twice", fault(GOOD + "&event=&event=stopped"));
    assertEquals("numwant stands twice", fault(GOOD + "&numwant=-1&numwant=5"));
  }

  @Test
  void aScrapeNamesEachSwarmOnceInOrder() {
    String a = "a".repeat(20);
    String b = "b".repeat(20);

    assertEquals(
        new Scrape(List.of("61".repeat(20), "62".repeat(20))),
        QueryReader.scrape(
            "info_hash=" + b + "&info_hash=" + a + "&info_hash=" + b + "&port=x&peer_id=%"));
  }

  @Test
  void aScrapeOfAllIsRefusedAndSoIsOneOfManySwarms() {
    for (String all : List.of("", "info_has=1", "info_hash")) {
      assertEquals(
          new Malformed("info_hash is missing: not all swarms are told"), QueryReader.scrape(all));
    }
    String many = ("&info_hash=" + "a".repeat(20)).repeat(QueryReader.MOST_SCRAPED);
    assertInstanceOf(Scrape.class, QueryReader.scrape(many));
    assertInstanceOf(Malformed.class, QueryReader.scrape(many + "&info_hash=" + "b".repeat(20)));
  }

  @Test
  void nothingThatSomebodySendsIsAFaultInside() {
    SplittableRandom random = Seeds.random();
    String pieces = "%&=-0aF\u00ff";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder query = new StringBuilder(GOOD);
      for (int changes = random.nextInt(6); changes > 0; changes--) {
        int at = random.nextInt(query.length());
        char piece = pieces.charAt(random.nextInt(pieces.length()));
        if (random.nextBoolean()) {
          query.setCharAt(at, piece);
        } else {
          query.insert(at, piece);
        }
      }
      query.setLength(random.nextInt(query.length() + 1));
      TorrentQuery read = QueryReader.announce(query.toString());
      if (read instanceof Announce announce) {
        assertEquals(40, announce.infoHash().length(), query::toString);
        assertEquals(40, announce.peerId().length(), query::toString);
      }
      QueryReader.scrape(query.toString());
    }
  }
}
