package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.webtorrent.OfferBook.RelayedOffer;
import io.ppstp.tracker.webtorrent.OfferBook.TokenState;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Offers are found by the tokens that were given out for them, once and for a while. */
class OfferBookTest {
  private static final long NODE = 0xff_0102_0304L;
  private static final long SOCKET = 0x80_0000_0007L;
  private static final String HASH = "hash hash hash hash ";
  private static final String PEER = "peer peer peer peer ";

  private final OfferBook book = new OfferBook(NODE, SOCKET, new OfferKey(1, 2));
  private final List<RelayedOffer> found = new ArrayList<>();

  private OfferToken note(String offerId, long nowNs) {
    return book.note(HASH, PEER, offerId, nowNs);
  }

  private TokenState look(OfferToken token, long nowNs) {
    found.clear();
    return book.look(token.sequence(), token.check(), HASH, nowNs, found::add);
  }

  @Test
  void aTokenIsTwentyBytesThatSayWhereItCameFrom() {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 1000; i++) {
      OfferToken token =
          new OfferToken(
              random.nextLong(1L << 40),
              random.nextLong(1L << 40),
              random.nextInt(1 << 16),
              random.nextLong());
      assertTrue(Bytes20.isValid(token.text()));
      assertEquals(token, OfferToken.of(token.text()));
    }
  }

  @Test
  void anOfferIsFoundUntilItIsAnswered() {
    OfferToken first = note("a", 0);
    OfferToken second = note("b", 0);
    assertEquals(NODE, first.node());
    assertEquals(SOCKET, first.socket());
    assertEquals(TokenState.OPEN, look(second, 1));
    assertEquals("b", found.get(0).offerId());
    book.answered(found.get(0));
    assertEquals(TokenState.OVER, look(second, 1));
    assertEquals(TokenState.OPEN, look(first, 1));
    assertEquals("a", found.get(0).offerId());
  }

  @Test
  void anOldOfferIsOver() {
    OfferToken token = note("a", 0);
    assertEquals(TokenState.OPEN, look(token, OfferBook.LIFE_NS - 1));
    assertEquals(TokenState.OVER, look(token, OfferBook.LIFE_NS));
    OfferToken early = note("b", 0);
    for (int i = 0; i < OfferBook.MOST; i++) {
      note("c", 0);
    }
    assertEquals(TokenState.OVER, look(early, 0));
  }

  @Test
  void whatWasMadeUpIsToldFromWhatIsOver() {
    OfferToken token = note("a", 0);
    OfferToken forged = new OfferToken(NODE, SOCKET, token.sequence(), token.check() ^ 1);
    assertEquals(TokenState.FORGED, look(forged, 0));
    assertEquals(TokenState.FORGED, look(new OfferToken(NODE, SOCKET, 7, token.check()), 0));
    assertEquals(
        TokenState.FORGED,
        book.look(token.sequence(), token.check(), "another swarm", 0, found::add));
    OfferBook other = new OfferBook(NODE, SOCKET, new OfferKey(1, 3));
    other.note(HASH, PEER, "a", 0);
    assertEquals(
        TokenState.FORGED, other.look(token.sequence(), token.check(), HASH, 0, found::add));
    assertEquals(List.of(), found);
  }

  @Test
  void aTokenNeverFitsALaterOfferOfTheSameSequence() {
    OfferToken first = note("a", 0);
    for (int i = 0; i < 0xffff; i++) {
      note("x", 0);
    }
    OfferToken same = note("b", 0);
    assertEquals(first.sequence(), same.sequence());
    assertEquals(TokenState.FORGED, look(first, 0));
    assertEquals(TokenState.OPEN, look(same, 0));
    assertEquals("b", found.get(0).offerId());
  }

  @Test
  void theCheckIsAQuarterOfHmacSha256() {
    OfferKey key = new OfferKey(0x0001020304050607L, 0x08090a0b0c0d0e0fL);
    OfferBook one = new OfferBook(NODE, SOCKET, key);
    for (int i = 0; i < 4; i++) {
      one.note(HASH, PEER, "a", 0);
    }
    OfferToken fifth = one.note(HASH, PEER, "e", 0);
    assertEquals(0xc04571add2618380L, fifth.check());
    assertEquals(0x2c6dfceadbc6ee35L, one.note(HASH, PEER, "f", 0).check());
    assertEquals(TokenState.OPEN, one.look(5, fifth.check(), HASH, 0, found::add));
    assertNotEquals(
        List.of(key.checks(SOCKET, 1)[0]), List.of(key.checks(SOCKET + 1, 1)[0]), "by the socket");
  }

  @Test
  void aMembersIdSaysWhereItIs() {
    MemberId id = new MemberId(Bytes20.hex(PEER), NODE, SOCKET, 12);
    assertEquals("wt:7065657220706565722070656572207065657220:ff01020304:8000000007:c", id.text());
    assertEquals(id, MemberId.of(id.text()));
    for (String other : List.of("", "p", "wt:", id.text().replace("c", "x"), "x" + id.text())) {
      assertNull(MemberId.of(other), other);
    }
  }
}
