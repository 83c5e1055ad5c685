package io.ppstp.tracker.webtorrent.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.MessageAction;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter.Numbers;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What browsers are told is JSON that says it. */
class MessageWriterTest {
  private static final String HASH = "\u0000\u0001\n\"\\\u007f\u0080\u00ffabcdefghijkl";
  private static final String PEER = "-PM0203-abcdefghijkl";

  /** As it arrives: over UTF-8. */
  private static JsonNode arrived(byte[] message) {
    return Json.parse(new String(message, UTF_8));
  }

  @Test
  void anAnnounceIsAnsweredWithNumbers() {
    assertEquals(
        Json.object()
            .put("action", "announce")
            .put("info_hash", HASH)
            .put("interval", 120)
            .put("complete", 1)
            .put("incomplete", 2),
        arrived(MessageWriter.announced(new Numbers(HASH, 1, 2), 120)));
  }

  @Test
  void offersAndAnswersAreRelayedAsTheyWere() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < 500; round++) {
      String sdp = text(random, random.nextInt(200), 0xd800);
      String id = text(random, 20, 0x100);
      String hash = text(random, 20, 0x100);
      JsonNode offer =
          arrived(MessageWriter.offer(hash, PEER, id, TextNode.valueOf(sdp).toString()));
      assertEquals("announce", offer.path("action").asText());
      assertEquals(hash, offer.path("info_hash").asText());
      assertEquals(PEER, offer.path("peer_id").asText());
      assertEquals(id, offer.path("offer_id").asText());
      assertEquals(
          Json.object().put("type", "offer").put("sdp", sdp), offer.path("offer"), "offer");
      JsonNode answer =
          arrived(MessageWriter.answer(hash, PEER, id, TextNode.valueOf(sdp).toString()));
      assertEquals(Json.object().put("type", "answer").put("sdp", sdp), answer.path("answer"));
    }
  }

  private static String text(SplittableRandom random, int length, int bound) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(bound));
    }
    return text.toString();
  }

  @Test
  void aScrapeHasTheNumbersOfEachSwarm() {
    JsonNode reply =
        arrived(
            MessageWriter.scraped(List.of(new Numbers(HASH, 1, 2), new Numbers(PEER, 0, 0)), 9));
    assertEquals("scrape", reply.path("action").asText());
    assertEquals(
        Json.object().put("complete", 1).put("incomplete", 2).put("downloaded", 0),
        reply.path("files").path(HASH));
    assertEquals(2, reply.path("files").size());
    assertEquals(9, reply.path("flags").path("min_request_interval").asInt());
  }

  @Test
  void aFailureNamesTheSwarmIfItIsKnown() {
    assertEquals(
        Json.object()
            .put("action", "scrape")
            .put("info_hash", HASH)
            .put("failure reason", "no \"why\""),
        arrived(MessageWriter.failure(MessageAction.SCRAPE, HASH, "no \"why\"")));
    assertEquals(
        Json.object().put("action", "announce").put("failure reason", "x"),
        arrived(MessageWriter.failure(MessageAction.ANNOUNCE, null, "x")));
  }

  @Test
  void hexadecimalIsThatOfTheBytes() {
    assertEquals("00010a225c7f80ff6162636465666768696a6b6c", Bytes20.hex(HASH));
  }
}
