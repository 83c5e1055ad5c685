package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ppstp.tracker.testing.ByteFuzz;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What goes to another node is read there as it was, and nothing else is. */
class RelayFormatTest {
  private final SplittableRandom random = Seeds.random();

  private String text(int length, int bound) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(bound));
    }
    return text.toString();
  }

  private RelayBatch batch(int size) {
    List<Relay> relays = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      long socket = random.nextLong(1L << 40);
      String hash = text(20, 256);
      String peer = text(20, 256);
      String sdp = TextNode.valueOf(text(random.nextInt(900), 0xd800)).toString();
      relays.add(
          random.nextBoolean()
              ? new Relay.OfferRelay(socket, random.nextInt(), hash, peer, text(20, 256), sdp)
              : new Relay.AnswerRelay(
                  socket, random.nextInt(1 << 16), random.nextLong(), hash, peer, sdp));
    }
    return new RelayBatch(random.nextLong(1L << 40), relays);
  }

  @Test
  void batchesComeOutAsTheyWentIn() {
    for (int size : new int[] {0, 1, 5, RelayBatch.MOST}) {
      RelayBatch batch = batch(size);
      assertEquals(batch, RelayFormat.read(RelayFormat.write(batch)));
    }
  }

  @Test
  void moreThanTravelsTogetherIsRefused() {
    Buffer tooMany = RelayFormat.write(batch(RelayBatch.MOST + 1));
    assertThrows(IllegalArgumentException.class, () -> RelayFormat.read(tooMany));
  }

  @Test
  void anythingElseIsRefusedInAWayThatIsExpected() throws Exception {
    List<byte[]> good =
        List.of(RelayFormat.write(batch(1)).getBytes(), RelayFormat.write(batch(3)).getBytes());
    new ByteFuzz(
            random,
            failure ->
                failure instanceof IllegalArgumentException
                    || failure instanceof IndexOutOfBoundsException)
        .run(
            good,
            20_000,
            bytes ->
                RelayFormat.read(Buffer.buffer(bytes)).relays().stream()
                    .map(relay -> Json.parse(relay.sdp()))
                    .forEach(sdp -> assertTrue(sdp.isTextual(), sdp.toString())));
  }

  /** It is handed on as it came, within what a browser gets. */
  @Test
  void anSdpThatIsNoStringOfJsonIsRefused() {
    for (String sdp : List.of("\"\"", "\"\\r\\\\\"", "\"\\u00fF\"", "\"\u00fc\ud83d\ude00\"")) {
      assertEquals(of(sdp), RelayFormat.read(RelayFormat.write(of(sdp))));
    }
    for (String other :
        List.of(
            "",
            "\"",
            "v=0",
            "7",
            "\"a\",\"b\"",
            "\"a\n\"",
            "\"a\\\"",
            "\"\\x\"",
            "\"\\u00f\"",
            "\"\\u00fg\"",
            "\"\\")) {
      Buffer written = RelayFormat.write(of(other));
      assertThrows(IllegalArgumentException.class, () -> RelayFormat.read(written), other);
    }
  }

  private static RelayBatch of(String sdp) {
    String text = "x".repeat(20);
    return new RelayBatch(1, List.of(new Relay.OfferRelay(2, 3, text, text, text, sdp)));
  }

  @Test
  void aSocketsNumberSaysWhichInstanceHoldsIt() {
    for (int instance : new int[] {0, 1, 63}) {
      long number = SocketNumbers.of(instance, random.nextLong());
      assertEquals(instance, SocketNumbers.instanceOf(number));
      assertEquals(number, number & ((1L << SocketNumbers.BITS) - 1));
    }
    for (int instance : new int[] {-1, SocketNumbers.MOST_INSTANCES}) {
      assertThrows(IllegalArgumentException.class, () -> SocketNumbers.of(instance, 1));
    }
  }
}
