package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.LENIENT;
import static io.ppstp.tracker.protocol.Messages.STRICT;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.testing.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HostileBytesTest {
  private static final String[] FRAGMENTS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "-",
    "1e9999999999",
    "9223372036854775808",
    "0",
    ".5",
    "1",
    "\u0000",
    "\u00ef\u00bb\u00bf",
    "\"swarm_id\":",
    "\"version\":",
    "\"peer_num\":{",
    "\"Stat\":[{",
    "\"transaction_id\":",
    "{\"PPSPTrackerProtocol\":"
  };

  @Test
  void aMessageCutOffAnywhereIsABadRequest() {
    for (byte[] body : Messages.wellFormed()) {
      for (int length = 0; length < body.length; length++) {
        Reading.Rejected rejected = rejected(Arrays.copyOf(body, length));

        assertEquals(ErrorCode.BAD_REQUEST, rejected.code());
        assertFalse(rejected.tooLarge());
      }
    }
  }

  @Test
  void aMessageCutOffAfterItsTransactionIdIsAnsweredWithIt() {
    for (byte[] body : Messages.wellFormed()) {
      String id = Messages.tree(body).at("/PPSPTrackerProtocol/transaction_id").asText();
      int end = text(body).indexOf('"' + id + '"') + id.length() + 2;

      for (int length = end + 1; length < body.length; length++) {
        assertEquals(id, rejected(Arrays.copyOf(body, length)).transactionId());
      }
    }
  }

  /**
   * Whatever comes, the answer can be written, and strict is what has the RFC's leniencies only.
   */
  @Test
  void noBytesMakeTheReaderThrow() {
    SplittableRandom random = Seeds.random();
    List<byte[]> messages = Messages.wellFormed();
    int accepted = 0;
    for (int i = 0; i < 30_000; i++) {
      byte[] body = messages.get(random.nextInt(messages.size())).clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        body = changed(body, random);
      }
      Reading reading = LENIENT.read(body);
      if (reading instanceof Reading.Accepted ok) {
        accepted++;
        answer(ErrorCode.NO_ERROR, ok.request().transactionId());
      } else if (reading instanceof Reading.Rejected bad) {
        assertTrue(
            Set.of(ErrorCode.BAD_REQUEST, ErrorCode.UNSUPPORTED_VERSION).contains(bad.code()));
        answer(bad.code(), bad.transactionId());
      }
      if (STRICT.read(body) instanceof Reading.Accepted strict) {
        assertTrue(strict.leniencies().stream().allMatch(Leniency::isInRfc), text(body));
        assertEquals(reading, strict, text(body));
      }
    }
    assertTrue(accepted > 1_000, "few of the changed messages are read: " + accepted);
  }

  private static void answer(ErrorCode code, String transactionId) {
    byte[] response = ResponseWriter.failure(code, transactionId);
    assertEquals(
        transactionId, Messages.tree(response).at("/PPSPTrackerProtocol/transaction_id").asText());
  }

  private static byte[] changed(byte[] body, SplittableRandom random) {
    int at = random.nextInt(body.length + 1);
    int upTo = Math.min(body.length, at + random.nextInt(1, 12));
    String before = latin1(body, 0, at);
    return switch (random.nextInt(4)) {
      case 0 -> bytes(before + (char) random.nextInt(256) + latin1(body, at, body.length));
      case 1 -> bytes(before + latin1(body, upTo, body.length));
      case 2 -> bytes(before + latin1(body, at, upTo) + latin1(body, at, body.length));
      default -> {
        String fragment = FRAGMENTS[random.nextInt(FRAGMENTS.length)];
        int end = random.nextBoolean() ? at : upTo;
        yield bytes(before + fragment + latin1(body, end, body.length));
      }
    };
  }

  private static String latin1(byte[] body, int from, int to) {
    return new String(body, from, to - from, ISO_8859_1);
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }
}
