package io.ppstp.tracker.bittorrent.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.bittorrent.protocol.AnswerWriter.Numbers;
import io.ppstp.tracker.testing.Bencode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {
  private static final byte[] NOTHING = new byte[0];
  private static final String ZEROS = "00".repeat(20);

  private static String text(byte[] answer) {
    return new String(answer, ISO_8859_1);
  }

  @Test
  void anAnnounceIsAnsweredWithKeysInOrder() {
    assertEquals(
        "d8:completei10e10:incompletei9e8:intervali120e12:min intervali60e"
            + "5:peers12:abcdefABCDEF6:peers618:ghijklmnopqrstuvwxe",
        text(
            AnswerWriter.announced(
                new Numbers(ZEROS, 10, 9),
                120,
                60,
                "abcdefABCDEF".getBytes(ISO_8859_1),
                "ghijklmnopqrstuvwx".getBytes(ISO_8859_1))));
  }

  @Test
  void aSwarmOfNobodyHasAnEmptyListAndNoneOfIpv6() {
    assertEquals(
        "d8:completei0e10:incompletei1e8:intervali1e12:min intervali1e5:peers0:e",
        text(AnswerWriter.announced(new Numbers(ZEROS, 0, 1), 1, 1, NOTHING, NOTHING)));
  }

  @Test
  void thereIsRoomForTheLargestNumbers() {
    int most = Integer.MAX_VALUE;
    Map<String, Object> announced =
        Bencode.dictionary(
            AnswerWriter.announced(
                new Numbers(ZEROS, most, most), most, most, new byte[1200], new byte[3600]));
    assertEquals((long) most, announced.get("complete"));
    assertEquals((long) most, announced.get("min interval"));
    assertEquals("\0".repeat(3600), announced.get("peers6"));

    List<Numbers> swarms =
        List.of(new Numbers(ZEROS, most, most), new Numbers("ff".repeat(20), most, most));
    Map<String, Object> scraped = Bencode.dictionary(AnswerWriter.scraped(swarms, most));
    assertEquals(Map.of("min_request_interval", (long) most), scraped.get("flags"));
    assertEquals(
        Map.of("complete", (long) most, "downloaded", 0L, "incomplete", (long) most),
        ((Map<?, ?>) requireNonNull(scraped.get("files"))).get("\u00ff".repeat(20)));
  }

  @Test
  void aScrapeIsAnsweredSwarmBySwarm() {
    assertEquals(
        "d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi0e10:incompletei2eee"
            + "5:flagsd20:min_request_intervali60eee",
        text(AnswerWriter.scraped(List.of(new Numbers("61".repeat(20), 1, 2)), 60)));
  }
}
