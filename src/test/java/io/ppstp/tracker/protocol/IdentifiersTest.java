package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.find;
import static io.ppstp.tracker.protocol.Messages.findOf;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ppstp.tracker.protocol.RequestReader.Reading;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peer, swarm and transaction IDs: opaque, byte-exact, bounded. */
class IdentifiersTest {
  private static final String HASH = "E5A12C7AE5A12C7AE5A12C7AE5A12C7AE5A12C7A";

  @ParameterizedTest
  @ValueSource(strings = {"x", " ", "a b", "ÄÖ", "пир", "日本", "😀", "'", "/../", "%00", "\u00a0"})
  void idsAreTakenAsTheyAre(String id) {
    byte[] body = bytes(find("'swarm_id':'S'").replace("'p1'", "'P'").replace("'t1'", "'T'"));
    String text = Messages.text(body).replace("\"S\"", quoted(id + "s"));
    text = text.replace("\"P\"", quoted(id + "p")).replace("\"T\"", quoted(id + "t"));

    Request.Find find =
        assertInstanceOf(Request.Find.class, accepted(text.getBytes(UTF_8)).request());

    assertEquals(new Request.Find(id + "t", id + "p", id + "s", null), find);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  @Test
  void escapesSpellTheSameId() {
    assertEquals("a/\"😀", findOf(find("'swarm_id':'\\u0061\\/\\'\\ud83d\\ude00'")).swarmId());
  }

  @Test
  void idsDifferInCase() {
    assertEquals(HASH, findOf(find("'swarm_id':'" + HASH + "'")).swarmId());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 256, 257, 2048, 2049})
  void aPeerIdHas256CharactersAtMostAndASwarmId2048(int length) {
    String id = "x".repeat(length);

    assertEquals(length <= 256, isAccepted(find("'swarm_id':'s'").replace("p1", id)));
    assertEquals(length <= 2048, isAccepted(find("'swarm_id':'" + id + "'")));
    assertEquals(length <= 2048, isAccepted(connect(JOIN.replace("s1", id))));
    assertEquals(length <= 256, isAccepted(connect(JOIN).replace("t1", id)));
  }

  @Test
  void anOverlongTransactionIdIsNotEchoed() {
    assertEquals("", rejected(connect(JOIN).replace("'t1'", "9".repeat(257))).transactionId());
    assertEquals("", rejected(connect(JOIN).replace("t1", "9".repeat(257))).transactionId());
  }

  @Test
  void theTransactionIdMayBeAnyText() {
    for (String id : new String[] {"", "\\u0000", "\\u007f", "\\n"}) {
      assertEquals(true, isAccepted(connect(JOIN).replace("t1", id)), id);
    }
  }

  static Stream<String> controls() {
    return IntStream.concat(IntStream.range(0, 0x20), IntStream.range(0x7f, 0xa0))
        .mapToObj(c -> String.format("\\u%04x", c));
  }

  @ParameterizedTest
  @MethodSource("controls")
  void noIdHasControlCharacters(String control) {
    assertBad(find("'swarm_id':'a" + control + "'"));
    assertBad(find("'swarm_id':'s1'").replace("p1", control + "p"));
    assertBad(connect(JOIN.replace("s1", "a" + control + "b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\ud83d", "\\ude00", "a\\ud83da", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00"})
  void noIdHasHalfASurrogatePair(String half) {
    assertBad(find("'swarm_id':'" + half + "'"));
    assertBad(find("'swarm_id':'s1'").replace("p1", half));
    assertEquals("", rejected(connect(JOIN).replace("t1", half)).transactionId());
  }

  @Test
  void twoSpellingsOfAHashAreOneIfSoConfigured() {
    ReaderRules folding = new ReaderRules(16, 256, 2048, 8, 29, false, true);

    assertEquals(HASH.toLowerCase(Locale.ROOT), swarmId(folding, HASH));
    assertEquals(HASH.substring(1), swarmId(folding, HASH.substring(1)));
    assertEquals(HASH + "G", swarmId(folding, HASH + "G"));
  }

  private static String swarmId(ReaderRules rules, String id) {
    Reading reading = new RequestReader(rules).read(bytes(find("'swarm_id':'" + id + "'")));
    Request request = assertInstanceOf(Reading.Accepted.class, reading).request();
    return assertInstanceOf(Request.Find.class, request).swarmId();
  }

  private static boolean isAccepted(String message) {
    return Messages.LENIENT.read(bytes(message)) instanceof Reading.Accepted;
  }

  private static void assertBad(String message) {
    assertEquals(ErrorCode.BAD_REQUEST, rejected(message).code(), message);
    assertEquals("t1", rejected(message).transactionId(), message);
  }
}
