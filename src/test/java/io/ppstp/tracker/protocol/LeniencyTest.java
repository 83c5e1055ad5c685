package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.ADDRESS;
import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.STAT;
import static io.ppstp.tracker.protocol.Messages.STRICT;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.content;
import static io.ppstp.tracker.protocol.Messages.find;
import static io.ppstp.tracker.protocol.Messages.findOf;
import static io.ppstp.tracker.protocol.Messages.message;
import static io.ppstp.tracker.protocol.Messages.report;
import static io.ppstp.tracker.protocol.Messages.request;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Spellings beside the schema: accepted, noted by name, and refused by a strict tracker unless they
 * are those of the RFC's examples.
 */
class LeniencyTest {
  private static final Set<Leniency> OF_THE_EXAMPLES =
      EnumSet.of(
          Leniency.OBJECT_FOR_ARRAY,
          Leniency.STAT_CAPITALISED,
          Leniency.FLAT_FIND,
          Leniency.STATUS_AS_STRING);

  /** A spelling, and the schema's spelling of the same request. */
  private record Spelling(Leniency leniency, String lenient, String schema) {
    @Override
    public String toString() {
      return leniency + " " + lenient;
    }
  }

  static Stream<Spelling> spellings() {
    return Stream.of(
        new Spelling(
            Leniency.OBJECT_FOR_ARRAY,
            connect("'peer_addr':{" + ADDRESS + "}", JOIN),
            connect("'peer_addr':[{" + ADDRESS + "}]", JOIN)),
        new Spelling(
            Leniency.OBJECT_FOR_ARRAY, connect(JOIN.replaceAll("[\\[\\]]", "")), connect(JOIN)),
        new Spelling(
            Leniency.OBJECT_FOR_ARRAY,
            report("'type':'STREAM_STATS'", STAT.replaceAll("[\\[\\]]", "")),
            report("'type':'STREAM_STATS'", STAT)),
        new Spelling(
            Leniency.STAT_CAPITALISED,
            report("'type':'STREAM_STATS'", STAT.replace("stat", "Stat")),
            report("'type':'STREAM_STATS'", STAT)),
        new Spelling(
            Leniency.FLAT_FIND,
            request(RequestType.FIND, "'swarm_id':'s1'"),
            find("'swarm_id':'s1'")),
        new Spelling(
            Leniency.FLAT_FIND,
            request(RequestType.FIND, "'swarm_id':'s1','peer_num':{'peer_count':1}"),
            find("'swarm_id':'s1','peer_num':{'peer_count':1}")),
        new Spelling(
            Leniency.FLAT_FIND,
            request(RequestType.FIND, "'find':{'swarm_id':'s1'},'swarm_id':'s1'"),
            find("'swarm_id':'s1'")),
        new Spelling(
            Leniency.PEER_NUMBER,
            find("'swarm_id':'s1','peer_number':{'peer_count':1}"),
            find("'swarm_id':'s1','peer_num':{'peer_count':1}")),
        new Spelling(
            Leniency.PEER_NUMBER,
            connect(JOIN, "'peer_number':{'peer_count':1}"),
            connect(JOIN, "'peer_num':{'peer_count':1}")),
        peerNum(Leniency.PEER_COUNT_OVER_MAXIMUM, "'peer_count':30", "'peer_count':29"),
        peerNum(
            Leniency.PEER_COUNT_OVER_MAXIMUM,
            "'peer_count':9223372036854775807",
            "'peer_count':29"),
        peerNum(Leniency.NUMBER_SPELLING, "'peer_count':'5'", "'peer_count':5"),
        peerNum(Leniency.NUMBER_SPELLING, "'peer_count':5.00", "'peer_count':5"),
        peerNum(Leniency.NUMBER_SPELLING, "'peer_count':0.5e1", "'peer_count':5"),
        address(Leniency.NUMBER_SPELLING, "'port':80", "'port':'80'", "'port':80"),
        address(Leniency.NUMBER_SPELLING, "'priority':1", "'priority':1.0", "'priority':1"),
        address(Leniency.ENUM_CASE, "'ipv4'", "'Ipv4'", "'ipv4'"),
        address(Leniency.ENUM_CASE, "'HOST'", "'Host'", "'HOST'"),
        address(Leniency.ENUM_CASE, "}]", ",'connection':'Wired'}]", ",'connection':'wired'}]"),
        address(Leniency.ASN_SPELLING, "}]", ",'asn':64496}]", ",'asn':'64496'}]"),
        address(Leniency.ASN_SPELLING, "}]", ",'asn':'AS64496'}]", ",'asn':'64496'}]"),
        address(Leniency.ASN_SPELLING, "}]", ",'asn':'as64496'}]", ",'asn':'64496'}]"),
        unknown(Leniency.UNKNOWN_ACCESS_TYPE, "'connection':'5G'"),
        unknown(Leniency.UNKNOWN_ACCESS_TYPE, "'connection':''"),
        address(
            Leniency.UNKNOWN_ACCESS_TYPE,
            "}]",
            ",'connection':'cellular'}]",
            ",'connection':'wireless'}]"),
        peerNum(
            Leniency.UNKNOWN_NAT_ABILITY, "'peer_count':1,'ability_nat':'ICE'", "'peer_count':1"),
        new Spelling(
            Leniency.NUMBER_SPELLING,
            report(
                "'type':'STREAM_STATS'",
                STAT.replace("'uploaded_bytes':1", "'uploaded_bytes':'1'")),
            report("'type':'STREAM_STATS'", STAT)),
        new Spelling(Leniency.ENUM_CASE, connect(JOIN.replace("LEECH", "leech")), connect(JOIN)),
        peerNum(
            Leniency.ENUM_CASE,
            "'peer_count':1,'ability_nat':'stun'",
            "'peer_count':1,'ability_nat':'STUN'"),
        status("concurrent_links", 5),
        status("online_time", 200),
        status("upload_bandwidth", 600),
        level("concurrent_links", "LOW"),
        level("online_time", "NORMAL"),
        level("upload_bandwidth", "HIGH"),
        level("upload_bandwidth", "normal"),
        version("1.0"),
        version("'1'"),
        new Spelling(
            Leniency.TRANSACTION_ID_NUMBER,
            connect(JOIN).replace("'t1'", "17"),
            connect(JOIN).replace("'t1'", "'17'")),
        new Spelling(
            Leniency.TRANSACTION_ID_NUMBER,
            connect(JOIN).replace("'t1'", "12345.0"),
            connect(JOIN).replace("'t1'", "'12345.0'")),
        new Spelling(Leniency.BYTE_ORDER_MARK, "\ufeff" + connect(JOIN), connect(JOIN)));
  }

  private static Spelling peerNum(Leniency leniency, String lenient, String schema) {
    return new Spelling(
        leniency,
        connect(JOIN, "'peer_num':{" + lenient + "}"),
        connect(JOIN, "'peer_num':{" + schema + "}"));
  }

  private static Spelling status(String member, int value) {
    String before = "'peer_count':1,'" + member + "':";
    return peerNum(Leniency.STATUS_AS_STRING, before + "'" + value + "'", before + value);
  }

  private static Spelling level(String member, String word) {
    return peerNum(
        Leniency.LEVEL_FOR_NUMBER,
        "'peer_count':1,'" + member + "':'" + word + "'",
        "'peer_count':1");
  }

  private static Spelling address(Leniency leniency, String part, String lenient, String schema) {
    String message = connect("'peer_addr':[{" + ADDRESS + "}]", JOIN);
    return new Spelling(
        leniency, replaceFirst(message, part, lenient), replaceFirst(message, part, schema));
  }

  private static Spelling unknown(Leniency leniency, String member) {
    return address(leniency, "}]", "," + member + "}]", "}]");
  }

  private static String replaceFirst(String text, String part, String by) {
    int at = text.indexOf(part);
    return text.substring(0, at) + by + text.substring(at + part.length());
  }

  private static Spelling version(String version) {
    return new Spelling(
        Leniency.VERSION_SPELLING,
        connect(JOIN).replace("'version':1", "'version':" + version),
        connect(JOIN));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void aLenientSpellingMeansWhatTheSchemaSpellingMeans(Spelling spelling) {
    Reading.Accepted reading = accepted(spelling.lenient());

    assertEquals(content(accepted(spelling.schema()).request()), content(reading.request()));
    assertEquals(Set.of(spelling.leniency()), reading.leniencies());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void aStrictTrackerTakesTheSpellingsOfTheRfcOnly(Spelling spelling) {
    assertInstanceOf(Reading.Accepted.class, STRICT.read(bytes(spelling.schema())));
    assertEquals(Set.of(), accepted(spelling.schema()).leniencies());

    Reading strict = STRICT.read(bytes(spelling.lenient()));
    if (OF_THE_EXAMPLES.contains(spelling.leniency())) {
      assertEquals(accepted(spelling.lenient()), strict);
      return;
    }
    Reading.Rejected refused = assertInstanceOf(Reading.Rejected.class, strict);

    assertEquals(ErrorCode.BAD_REQUEST, refused.code());
    assertTrue(refused.reason().contains(spelling.leniency().name()), refused.reason());
    if (spelling.leniency() != Leniency.TRANSACTION_ID_NUMBER) {
      assertEquals("t1", refused.transactionId());
    }
  }

  @Test
  void aMissingPeerCountIsNotedAndLeftToTheTracker() {
    String message = connect(JOIN, "'peer_num':{'online_time':7}");

    assertEquals(
        new PeerNum(PeerNum.NOT_STATED, null, PeerNum.NOT_STATED, 7, PeerNum.NOT_STATED),
        Messages.connectOf(message).peerNum());
    assertEquals(Set.of(Leniency.PEER_COUNT_MISSING), accepted(message).leniencies());
    assertInstanceOf(Reading.Rejected.class, STRICT.read(bytes(message)));
  }

  @Test
  void aPeerCountOfZeroAsksForNoList() {
    Request.Find find = findOf(find("'swarm_id':'s1','peer_num':{'peer_count':0}"));

    assertEquals(0, requireNonNull(find.peerNum()).peerCount());
  }

  @Test
  void allLenienciesOfAMessageAreNoted() {
    Reading.Accepted reading =
        accepted(
            "\ufeff"
                + message(
                    "'version':'1','request_type':'FIND','transaction_id':5,'peer_id':'p1'",
                    "'swarm_id':'s1'",
                    "'peer_number':{'ability_nat':'Turn','concurrent_links':9.0,"
                        + "'online_time':'9','upload_bandwidth':'LOW'}"));

    assertEquals(
        EnumSet.of(
            Leniency.BYTE_ORDER_MARK,
            Leniency.VERSION_SPELLING,
            Leniency.TRANSACTION_ID_NUMBER,
            Leniency.FLAT_FIND,
            Leniency.PEER_NUMBER,
            Leniency.PEER_COUNT_MISSING,
            Leniency.ENUM_CASE,
            Leniency.NUMBER_SPELLING,
            Leniency.STATUS_AS_STRING,
            Leniency.LEVEL_FOR_NUMBER),
        reading.leniencies());
  }

  /**
   * The two that are not in the body are noted by whoever sees them; for the two that are within
   * the schema see {@link UnknownWordsTest}.
   */
  @Test
  void everyLeniencyOfTheBodyHasAnExampleHere() {
    Set<Leniency> shown =
        spellings()
            .map(Spelling::leniency)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Leniency.class)));

    assertEquals(
        EnumSet.of(
            Leniency.PEER_COUNT_MISSING,
            Leniency.UNKNOWN_ASN,
            Leniency.UNKNOWN_PEER_PROTOCOL,
            Leniency.MEDIA_TYPE,
            Leniency.TRANSACTION_REUSED),
        EnumSet.complementOf(EnumSet.copyOf(shown)));
  }
}
