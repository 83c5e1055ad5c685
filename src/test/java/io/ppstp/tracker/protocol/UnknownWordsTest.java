package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.ADDRESS;
import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.STRICT;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.connectOf;
import static io.ppstp.tracker.protocol.Messages.content;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.testing.LiveHeap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tracker does not know refuses nobody (RFC 7846, Section 4.4). */
class UnknownWordsTest {
  private static final String NINES = "9".repeat(60_000);

  /** Members that RFC 7846 does not have, of which JSON has all and the tracker nothing. */
  static Stream<String> unknownMembers() {
    return Stream.of(
        "'x':" + NINES,
        "'x':-" + NINES,
        "'x':0." + NINES,
        "'x':1e" + NINES,
        "'x':[{'y':[" + NINES + "," + NINES + "]}]",
        "'" + "n".repeat(60_000) + "':1",
        "'" + "\u00e9".repeat(60_000) + "':1",
        "'" + "\\u00e9".repeat(10_000) + "':1",
        "'x':{'" + "n".repeat(60_000) + "':{}}",
        "'x':'" + "t".repeat(60_000) + "'",
        "'x':'\\ud800'");
  }

  @ParameterizedTest
  @MethodSource("unknownMembers")
  void anUnknownMemberIsIgnoredWhateverIsInIt(String member) {
    String plain = connect("'peer_addr':[{" + ADDRESS + "}]", JOIN);
    Request expected = content(accepted(plain).request());
    for (int at = plain.indexOf('{'); at >= 0; at = plain.indexOf('{', at + 1)) {
      String extended = plain.substring(0, at + 1) + member + "," + plain.substring(at + 1);

      assertEquals(expected, content(accepted(extended).request()));
      assertInstanceOf(Reading.Accepted.class, STRICT.read(bytes(extended)));
    }
  }

  /** A number that is not ignored costs no more than its length. */
  @Test
  void aKnownMemberOfAMillionDigitsIsABadRequestAtOnce() {
    String digits = "9".repeat(1_000_000);
    for (String number : new String[] {digits, "0." + digits, digits + ".0", "1e" + digits}) {
      String message = connect(JOIN, "'peer_num':{'peer_count':" + number + "}");
      assertEquals("t1", rejected(message).transactionId());
    }
  }

  /** Otherwise strangers could fill the heap with names that they make up. */
  @Test
  void noNameOfAnUnknownMemberIsKept() throws Exception {
    String rest = ":0," + connect(JOIN).substring(1);
    accepted("{'u'" + rest);
    long before = LiveHeap.now().bytes();

    for (int i = 0; i < 1_000; i++) {
      accepted("{'" + i + "n".repeat(40_000) + "'" + rest);
    }

    long kept = LiveHeap.now().bytes() - before;
    assertTrue(kept < 4 << 20, kept + " bytes are kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'1.10'",
        "'5G'",
        "''",
        "'AS'",
        "'ASx'",
        "'64496x'",
        "'-1'",
        "'4294967296'",
        "'AS4294967296'",
        "'12345678901'",
        "'\u0661'",
        "4294967296",
        "-5",
        "1.10",
        "1e400",
      })
  void anAsnThatIsNoneIsUnknown(String asn) {
    assertUnknown("'asn':" + asn, Leniency.UNKNOWN_ASN);
    assertUnknown("'asn':" + NINES, Leniency.UNKNOWN_ASN);
  }

  @Test
  void theHighestAsnIsOne() {
    assertEquals("4294967295", address("'asn':'4294967295'").asn());
    assertEquals("0", address("'asn':'0'").asn());
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "'PPSP\\u0000PP'", "'\u00e9'", "'PPSP\\n'"})
  void aPeerProtocolThatIsNotShortAndPlainIsUnknown(String word) {
    assertUnknown("'peer_protocol':" + word, Leniency.UNKNOWN_PEER_PROTOCOL);
    assertUnknown("'peer_protocol':'" + "x".repeat(65) + "'", Leniency.UNKNOWN_PEER_PROTOCOL);
    assertEquals(
        "x".repeat(64), address("'peer_protocol':'" + "x".repeat(64) + "'").peerProtocol());
  }

  /** Both are strings to the schema, so that a strict tracker has nothing against them. */
  private static void assertUnknown(String member, Leniency leniency) {
    String message = connect("'peer_addr':[{" + ADDRESS + "," + member + "}]", JOIN);
    String plain = connect("'peer_addr':[{" + ADDRESS + "}]", JOIN);

    assertEquals(content(accepted(plain).request()), content(accepted(message).request()));
    assertEquals(Set.of(leniency), accepted(message).leniencies());
    assertNull(address(member).asn());
    assertEquals(
        Set.of(leniency),
        assertInstanceOf(Reading.Accepted.class, STRICT.read(bytes(message))).leniencies());
  }

  private static PeerAddress address(String member) {
    return connectOf(connect("'peer_addr':[{" + ADDRESS + "," + member + "}]", JOIN))
        .addresses()
        .get(0);
  }

  @Test
  void aTransactionIdIsFoundBehindUnknownMembers() {
    String message = request(RequestType.FIND).replace("'version'", "'x':" + NINES + ",'version'");

    assertEquals("t1", TransactionIds.in(bytes(message)));
  }
}
