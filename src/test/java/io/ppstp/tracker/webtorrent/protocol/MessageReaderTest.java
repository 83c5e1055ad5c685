package io.ppstp.tracker.webtorrent.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.testing.ByteFuzz;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Announce;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Event;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Malformed;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageFault;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Offer;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.PeerAnswer;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Scrape;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Totals;
import java.nio.charset.Charset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What browsers send is read, and what is wrong with it is told. */
class MessageReaderTest {
  private static final String HASH = "\u0000\u0001\n\"\\\u007f\u0080\u00ffabcdefghijkl";
  private static final String PEER = "-PM0203-abcdefghijkl";
  private static final String OFFER = "\u00ffo\u0000ffer-id-of-twenty";
  private static final String SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n";

  /** What JSON says for it. */
  private static final String WRITTEN = "\"v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\n\"";

  private static final Totals UNSTATED = new Totals(Totals.UNKNOWN, Totals.UNKNOWN);

  private static ObjectNode announce() {
    return Json.object()
        .put("numwant", 5)
        .put("uploaded", 0)
        .put("downloaded", 0)
        .put("event", "started")
        .put("action", "announce")
        .put("info_hash", HASH)
        .put("peer_id", PEER);
  }

  private static ObjectNode offer(String type, String sdp, String id) {
    ObjectNode offer = Json.object().put("offer_id", id);
    offer.putObject("offer").put("type", type).put("sdp", sdp);
    return offer;
  }

  private static ObjectNode answer() {
    ObjectNode message =
        Json.object()
            .put("action", "announce")
            .put("info_hash", HASH)
            .put("peer_id", PEER)
            .put("to_peer_id", PEER)
            .put("offer_id", OFFER);
    message.putObject("answer").put("type", "answer").put("sdp", SDP);
    return message;
  }

  private static ClientMessage read(ObjectNode message) {
    return MessageReader.read(message.toString().getBytes(UTF_8));
  }

  private static void assertFault(MessageFault fault, ObjectNode message) {
    assertEquals(fault, assertInstanceOf(Malformed.class, read(message)).fault());
  }

  @Test
  void anAnnounceWithOffersIsRead() {
    ObjectNode message = announce();
    ArrayNode offers = message.putArray("offers");
    offers.add(offer("offer", SDP, OFFER));
    offers.add(offer("offer", "", PEER));
    assertEquals(
        new Announce(
            HASH,
            PEER,
            Event.PRESENT,
            5,
            new Totals(0, 0),
            List.of(new Offer(OFFER, WRITTEN), new Offer(PEER, "\"\""))),
        read(message));
  }

  @Test
  void whatClientsLeaveOutOrWriteNullForIsAsIfItWereNotThere() {
    Announce bare = new Announce(HASH, PEER, Event.PRESENT, 50, UNSTATED, List.of());
    ObjectNode message =
        Json.object().put("action", "announce").put("info_hash", HASH).put("peer_id", PEER);
    assertEquals(bare, read(message));
    message.putNull("left").putNull("numwant").putNull("event").putNull("offers");
    message.putNull("answer").putNull("to_peer_id").put("trackerid", "x");
    message.putObject("extra").putArray("deep").addObject();
    assertEquals(bare, read(message));
    message.put("left", 1.5).put("numwant", "many").put("event", "paused");
    assertEquals(bare, read(message));
  }

  @Test
  void whoHasAllOrGoesIsTold() {
    assertEquals(Event.COMPLETED, ((Announce) read(announce().put("left", 0))).event());
    assertEquals(
        Event.STOPPED,
        ((Announce) read(announce().put("left", 0).put("event", "stopped"))).event());
    assertEquals(Event.COMPLETED, ((Announce) read(announce().put("event", "completed"))).event());
    assertEquals(Event.STOPPED, ((Announce) read(announce().put("event", "stopped"))).event());
    assertEquals(0, ((Announce) read(announce().put("numwant", -3))).wanted());
    assertEquals(50, ((Announce) read(announce().put("numwant", 1L << 60))).wanted());
  }

  private static Totals totals(String uploaded, String downloaded) {
    String message =
        announce()
            .toString()
            .replace("\"uploaded\":0", "\"uploaded\":" + uploaded)
            .replace("\"downloaded\":0", "\"downloaded\":" + downloaded);
    return assertInstanceOf(Announce.class, MessageReader.read(message.getBytes(UTF_8))).totals();
  }

  @Test
  void bytesSentAndReceivedAreReadAsNumbersOfBrowsers() {
    assertEquals(new Totals(1, 1L << 53), totals("1", "9007199254740992"));
    assertEquals(new Totals(1_500_000_000_000L, 2), totals("1.5e12", "2.9"));
    assertEquals(new Totals(0, 0), totals("0.0", "-0"));
    for (String none :
        List.of("null", "-1", "-0.5", "1e400", "9007199254740994", "\"7\"", "[7]", "{}", "true")) {
      assertEquals(new Totals(Totals.UNKNOWN, 3), totals(none, "3"), none);
    }
    ObjectNode silent = announce();
    silent.remove(List.of("uploaded", "downloaded"));
    assertEquals(UNSTATED, ((Announce) read(silent)).totals());
  }

  @Test
  void moreOffersThanAreTakenArePassedOver() {
    ObjectNode message = announce();
    ArrayNode offers = message.putArray("offers");
    for (int i = 0; i < MessageReader.MOST_OFFERS + 5; i++) {
      offers.add(offer("offer", SDP + i, OFFER));
    }
    List<Offer> read = ((Announce) read(message)).offers();
    assertEquals(MessageReader.MOST_OFFERS, read.size());
    assertEquals(SDP + 9, Json.parse(read.get(9).sdp()).asText());
  }

  @Test
  void anAnswerIsRead() {
    assertEquals(new PeerAnswer(HASH, PEER, PEER, OFFER, WRITTEN), read(answer()));
  }

  @Test
  void aScrapeOfOneOrSeveralIsRead() {
    ObjectNode message = Json.object().put("action", "scrape").put("info_hash", HASH);
    assertEquals(new Scrape(List.of(HASH)), read(message));
    message.putArray("info_hash").add(HASH).add(PEER);
    assertEquals(new Scrape(List.of(HASH, PEER)), read(message));
    message.putArray("info_hash").add(HASH).add(PEER).add(HASH).add(HASH);
    assertEquals(new Scrape(List.of(HASH, PEER)), read(message), "each once");
    message.remove("info_hash");
    assertFault(MessageFault.SCRAPE, message);
    ArrayNode many = message.putArray("info_hash");
    for (int i = 0; i <= MessageReader.MOST_HASHES; i++) {
      many.add(HASH);
    }
    assertFault(MessageFault.SCRAPE, message);
  }

  /** The table of strings of the process would keep what strangers make up. */
  @Test
  void namesOfMembersAreNotKept() {
    String name = new String(new char[] {'m', 'a', 'd', 'e', ' ', 'u', 'p', ' ', '7', '1'});
    read(announce().put(name, 1));
    assertSame(name, name.intern());
  }

  @Test
  void theReplyToWhatIsWrongCanNameActionAndHash() {
    assertEquals(
        new Malformed(MessageFault.PEER_ID, MessageAction.ANNOUNCE, HASH),
        read(announce().put("peer_id", "x")));
    assertEquals(
        new Malformed(MessageFault.INFO_HASH, MessageAction.ANNOUNCE, null),
        read(announce().put("info_hash", HASH + "x")));
    assertEquals(
        new Malformed(MessageFault.INFO_HASH, MessageAction.SCRAPE, null),
        read(Json.object().put("action", "scrape").put("info_hash", "x")));
    String cut = announce().toString();
    assertEquals(
        new Malformed(MessageFault.NOT_JSON, MessageAction.ANNOUNCE, HASH),
        MessageReader.read(cut.substring(0, cut.length() - 1).getBytes(UTF_8)));
  }

  @Test
  void whatIsWrongIsTold() {
    assertFault(MessageFault.ACTION, announce().put("action", "hello"));
    assertFault(MessageFault.INFO_HASH, announce().put("info_hash", "\u0100".repeat(20)));
    ObjectNode twoHashes = announce();
    twoHashes.putArray("info_hash").add(HASH).add(HASH);
    assertFault(MessageFault.INFO_HASH, twoHashes);
    for (ObjectNode bad :
        List.of(
            offer("answer", SDP, OFFER),
            offer("offer", SDP, "short"),
            Json.object().put("offer_id", OFFER))) {
      ObjectNode message = announce();
      message.putArray("offers").add(bad);
      assertFault(MessageFault.OFFER, message);
    }
    ObjectNode number = announce();
    number.putArray("offers").add(7);
    assertFault(MessageFault.OFFER, number);
    ObjectNode tooLong = announce();
    tooLong.putArray("offers").add(offer("offer", "x".repeat(8193), OFFER));
    assertFault(MessageFault.SDP, tooLong);
    ObjectNode longest = announce();
    longest.putArray("offers").add(offer("offer", "\r\u00fc".repeat(4096), OFFER));
    assertInstanceOf(Announce.class, read(longest));
    ObjectNode one = announce();
    one.putArray("offers").add(offer("offer", "\r\u00fc".repeat(4096) + "\u0001", OFFER));
    assertFault(MessageFault.SDP, one);
    ObjectNode wide = announce();
    wide.putArray("offers").add(offer("offer", "\u0001".repeat(4095), OFFER));
    assertInstanceOf(Announce.class, read(wide));
    wide.putArray("offers").add(offer("offer", "\u0001".repeat(4096), OFFER));
    assertFault(MessageFault.SDP, wide);
    ObjectNode ofOffer = answer();
    ofOffer.putObject("answer").put("type", "offer").put("sdp", SDP);
    assertFault(MessageFault.ANSWER, ofOffer);
    assertFault(MessageFault.ANSWER, answer().put("to_peer_id", "nobody"));
    assertFault(MessageFault.ANSWER, answer().put("offer_id", "none"));
  }

  @Test
  void whatIsNoObjectOrTooLongIsRefused() {
    for (String text : List.of("", " ", "7", "[]", "{", "{}x", "nul", "\u0000", "{\"a\":{}")) {
      assertEquals(
          MessageFault.NOT_JSON,
          ((Malformed) MessageReader.read(text.getBytes(UTF_8))).fault(),
          text);
    }
    String deep = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertEquals(
        MessageFault.NOT_JSON, ((Malformed) MessageReader.read(deep.getBytes(UTF_8))).fault());
    byte[] invalid = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    assertEquals(MessageFault.NOT_JSON, ((Malformed) MessageReader.read(invalid)).fault());
    assertEquals(
        MessageFault.TOO_LONG,
        ((Malformed) MessageReader.read(new byte[MessageReader.MOST_BYTES + 1])).fault());
  }

  @Test
  void damagedMessagesAreReadOrRefusedAndNothingElse() throws Exception {
    SplittableRandom random = Seeds.random();
    ObjectNode message = announce();
    message.putArray("offers").add(offer("offer", SDP, OFFER));
    ObjectNode scrape = Json.object().put("action", "scrape");
    scrape.putArray("info_hash").add(HASH).add(PEER);
    List<byte[]> good =
        List.of(
            message.toString().getBytes(UTF_8),
            answer().toString().getBytes(UTF_8),
            scrape.toString().getBytes(UTF_8));
    new ByteFuzz(random, failure -> false)
        .run(good, 20_000, bytes -> assertIsSound(MessageReader.read(bytes)));
  }

  /**
   * WebSocket has UTF-8 and nothing else (RFC 6455), and so has JSON between systems (RFC 8259).
   */
  @Test
  void otherEncodingsAreNoJson() {
    ObjectNode message = announce();
    message.putArray("offers").add(offer("offer", SDP, OFFER));
    for (String encoding : List.of("UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE")) {
      byte[] bytes = message.toString().getBytes(Charset.forName(encoding));
      assertEquals(
          MessageFault.NOT_JSON,
          assertInstanceOf(Malformed.class, MessageReader.read(bytes), encoding).fault());
    }
  }

  /** Else a browser could write whatever it likes into what others get. */
  private static void assertIsString(String json) {
    JsonNode read = Json.parse(json);
    assertTrue(read.isTextual() && read.asText().length() <= SessionDescription.MOST_SDP, json);
  }

  @Test
  void anSdpIsHandedOnAsItIsWritten() throws Exception {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 300; round++) {
      StringBuilder sdp = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        int rest = 0x21 + random.nextInt(0xd000);
        sdp.append(random.nextBoolean() ? WRITABLE[random.nextInt(WRITABLE.length)] : (char) rest);
      }
      String escaped = "\"" + sdp.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      // Where it begins depends on what stands before it, and around it.
      String message =
          announce().put("more", "\u00fc\ud83d\ude00".repeat(random.nextInt(3))).toString();
      String offers =
          " ,\"offers\" : [ {\"offer\" :\n{ \"sdp\" : "
              + escaped
              + " , \"type\":\"offer\"},\"offer_id\":\"12345678901234567890\"}]}";
      byte[] bytes = (message.substring(0, message.length() - 1) + offers).getBytes(UTF_8);
      Announce read = assertInstanceOf(Announce.class, MessageReader.read(bytes));
      assertEquals(escaped, read.offers().get(0).sdp());
      assertEquals(Json.parse(escaped).asText(), Json.parse(read.offers().get(0).sdp()).asText());
    }
  }

  private static final String[] WRITABLE = {
    "\\", "\"", "a", "\u007f", "\u00ff", "\u2028", "\ud83d\ude00", "{", "}", ":", ","
  };

  private static void assertIsSound(ClientMessage message) {
    if (message instanceof Announce it) {
      assertTrue(Bytes20.isValid(it.infoHash()) && Bytes20.isValid(it.peerId()));
      assertTrue(it.wanted() >= 0 && it.offers().size() <= MessageReader.MOST_OFFERS);
      it.offers().forEach(offer -> assertIsString(offer.sdp()));
    } else if (message instanceof PeerAnswer it) {
      assertTrue(Bytes20.isValid(it.offerId()));
      assertIsString(it.sdp());
    } else if (message instanceof Scrape it) {
      assertTrue(it.infoHashes().stream().allMatch(Bytes20::isValid));
    } else if (message instanceof Malformed it) {
      assertTrue(it.infoHash() == null || Bytes20.isValid(it.infoHash()));
    }
  }
}
