package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.ADDRESS;
import static io.ppstp.tracker.protocol.Messages.COUNTERS;
import static io.ppstp.tracker.protocol.Messages.JOIN;
import static io.ppstp.tracker.protocol.Messages.STAT;
import static io.ppstp.tracker.protocol.Messages.accepted;
import static io.ppstp.tracker.protocol.Messages.bytes;
import static io.ppstp.tracker.protocol.Messages.connect;
import static io.ppstp.tracker.protocol.Messages.connectOf;
import static io.ppstp.tracker.protocol.Messages.find;
import static io.ppstp.tracker.protocol.Messages.message;
import static io.ppstp.tracker.protocol.Messages.rejected;
import static io.ppstp.tracker.protocol.Messages.report;
import static io.ppstp.tracker.protocol.Messages.reportOf;
import static io.ppstp.tracker.protocol.Messages.request;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are JSON but no requests of RFC 7846, and what may stand beside its members. */
class MalformedMessageTest {
  private static final String TYPE = "'type':'STREAM_STATS'";
  private static final String SWARM = "'swarm_id':'s1'";

  static Stream<String> malformedRequests() {
    return Stream.of(
            malformedData(),
            malformedPeerNums().map(peerNum -> connect(JOIN, "'peer_num':" + peerNum)),
            malformedPeerNums().map(peerNum -> find(SWARM, "'peer_num':" + peerNum)),
            malformedPeerNums()
                .map(peerNum -> request(RequestType.FIND, SWARM, "'peer_num':" + peerNum)),
            malformedAddresses().map(address -> connect(JOIN, "'peer_addr':[" + address + "]")),
            malformedActions().map(action -> connect("'swarm_action':" + action)),
            malformedStats().map(stat -> report(TYPE, "'stat':[" + stat + "]")))
        .flatMap(same -> same);
  }

  private static Stream<String> malformedData() {
    return Stream.of(
        // data of another request type only, or of the wrong kind
        request(RequestType.CONNECT),
        request(RequestType.CONNECT, "'find':{" + SWARM + "}"),
        request(RequestType.CONNECT, JOIN),
        request(RequestType.CONNECT, "'connect':[]"),
        request(RequestType.CONNECT, "'connect':null"),
        request(RequestType.FIND),
        request(RequestType.FIND, "'connect':{" + JOIN + "}"),
        request(RequestType.FIND, "'find':'s1'"),
        request(RequestType.FIND, "'peer_num':{'peer_count':1}"),
        request(RequestType.STAT_REPORT, "'stat_report':[]"),
        request(RequestType.STAT_REPORT, "'stat_report':null"),
        find(),
        find("'swarm_id':''"),
        find("'swarm_id':1"),
        find("'swarm_id':null"),
        find("'swarm_id':['s1']"),
        // two that contradict each other
        request(RequestType.FIND, "'find':{" + SWARM + "},'swarm_id':'s2'"),
        request(RequestType.FIND, "'swarm_id':'s2','find':{" + SWARM + "}"),
        request(RequestType.FIND, "'find':{" + SWARM + "},'peer_num':{'peer_count':1}"),
        connect(JOIN, "'peer_num':{'peer_count':1},'peer_number':{'peer_count':1}"),
        find(SWARM, "'peer_number':{'peer_count':1},'peer_num':{'peer_count':1}"),
        request(
            RequestType.FIND, SWARM, "'peer_number':{'peer_count':1},'peer_num':{'peer_count':1}"),
        report(TYPE, STAT, STAT.replace("stat", "Stat")),
        report(
            TYPE, "'stat':[{'swarm_id':'s'," + COUNTERS + "},{'swarm_id':'s'," + COUNTERS + "}]"),
        report(TYPE, STAT.replace("stat", "Stat"), STAT),
        // arrays that must not be empty, and others than objects in them
        connect(),
        connect("'peer_addr':[]", JOIN),
        connect("'peer_addr':null", JOIN),
        connect("'peer_addr':['192.0.2.1']", JOIN),
        report(STAT),
        report("'type':5", STAT),
        report("'type':null", STAT));
  }

  private static Stream<String> malformedPeerNums() {
    return Stream.of(
        "5",
        "null",
        "[{'peer_count':1}]",
        "{'peer_count':-1}",
        "{'peer_count':1.5}",
        "{'peer_count':'many'}",
        "{'peer_count':'-1'}",
        "{'peer_count':''}",
        "{'peer_count':' 1'}",
        "{'peer_count':null}",
        "{'peer_count':true}",
        "{'peer_count':{}}",
        "{'peer_count':'NORMAL'}",
        "{'peer_count':1,'ability_nat':1}",
        "{'peer_count':1,'concurrent_links':-1}",
        "{'peer_count':1,'online_time':[]}",
        "{'peer_count':1,'upload_bandwidth':'FAST'}");
  }

  private static Stream<String> malformedAddresses() {
    Stream<String> changed =
        Stream.of(
                "'port':80,=",
                "'port':80='port':0",
                "'port':80='port':65536",
                "'port':80='port':-1",
                "'port':80='port':'HIGH'",
                "'priority':1,=",
                "'priority':1='priority':-1",
                "'priority':1='priority':9223372036854775808",
                ",'type':'HOST'=",
                "'HOST'='RELAY'",
                "'HOST'=null",
                "'HOST'='HOST','connection':1",
                "'HOST'='HOST','asn':[64496]",
                "'HOST'='HOST','asn':null",
                "'HOST'='HOST','peer_protocol':7",
                "'ipv4'='ipv6'",
                "'ipv4'='IP'",
                "'ipv4'=4",
                "'address_type':'ipv4',=",
                ",'address':'192.0.2.1'=",
                "'192.0.2.1'='192.0.2'",
                "'192.0.2.1'='2001:db8::1'",
                "'192.0.2.1'='peer.example'",
                "'192.0.2.1'=3221225985",
                "'ip_address':{'address_type':'ipv4','address':'192.0.2.1'},=",
                "{'address_type':'ipv4','address':'192.0.2.1'}='192.0.2.1'")
            .map(
                change -> {
                  int middle = change.indexOf('=');
                  return "{"
                      + ADDRESS.replace(change.substring(0, middle), change.substring(middle + 1))
                      + "}";
                });
    return Stream.concat(changed, Stream.of("5", "[{" + ADDRESS + "}]", "{" + ADDRESS + "},{}"));
  }

  private static Stream<String> malformedActions() {
    return Stream.of(
        "null",
        "'JOIN'",
        "[]",
        "[null]",
        "[[]]",
        "[{}]",
        "{}",
        "[{'action':'JOIN','peer_mode':'LEECH'}]",
        "[{'swarm_id':'s1','peer_mode':'LEECH'}]",
        "[{'swarm_id':'s1','action':'JOIN'}]",
        "[{'swarm_id':'s1','action':'join','peer_mode':'LEECH'}]",
        "[{'swarm_id':'s1','action':'PAUSE','peer_mode':'LEECH'}]",
        "[{'swarm_id':'s1','action':'JOIN','peer_mode':'GUEST'}]",
        "[{'swarm_id':'s1','action':'JOIN','peer_mode':null}]",
        "[{'swarm_id':'s1','action':'JOIN','peer_mode':'LEECH'},{}]");
  }

  private static Stream<String> malformedStats() {
    Stream<String> withoutOne =
        Stream.of(COUNTERS.split(",", -1))
            .map(counter -> COUNTERS.replace(counter, "'x':0"))
            .map(counters -> "{" + SWARM + "," + counters + "}");
    return Stream.concat(
        withoutOne,
        Stream.of(
            "null",
            "1",
            "{" + COUNTERS + "}",
            "{'swarm_id':''," + COUNTERS + "}",
            "{" + SWARM + "," + COUNTERS.replace(":1", ":-1") + "}",
            "{" + SWARM + "," + COUNTERS.replace(":2", ":2.5") + "}",
            "{" + SWARM + "," + COUNTERS.replace(":3", ":'HIGH'") + "}",
            "{" + SWARM + "," + COUNTERS.replace(":4", ":9223372036854775808") + "}"));
  }

  @ParameterizedTest
  @MethodSource("malformedRequests")
  void aMalformedRequestIsABadRequestAndItsTransactionIdIsFound(String message) {
    assertBadRequest("t1", message);

    String transaction = "'transaction_id':'t1'";
    String atTheEnd =
        message.replace(transaction, "'x':0").replaceAll("\\}\\}$", "," + transaction + "}}");
    assertBadRequest("t1", atTheEnd);
  }

  static Stream<String> malformedEnvelopes() {
    return Stream.of(
        "",
        " ",
        "null",
        "5",
        "'PPSPTrackerProtocol'",
        "[]",
        "[" + connect(JOIN) + "]",
        "{}",
        "{'ppsptrackerprotocol':{}}",
        message(),
        "{'PPSPTrackerProtocol':null}",
        "{'PPSPTrackerProtocol':[]}",
        "{'PPSPTrackerProtocol':[{}]}",
        "{'PPSPTrackerProtocol':'CONNECT'}",
        connect(JOIN).replace("'transaction_id':'t1',", ""),
        connect(JOIN).replace("'t1'", "null"),
        connect(JOIN).replace("'t1'", "true"),
        connect(JOIN).replace("'t1'", "['t1']"),
        connect(JOIN).replace("'t1'", "{'id':'t1'}"));
  }

  @ParameterizedTest
  @MethodSource("malformedEnvelopes")
  void aMessageWithoutAReadableTransactionIdIsABadRequestWithAnEmptyOne(String message) {
    assertBadRequest("", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'version':1,=",
        "'request_type':'CONNECT',=",
        "'CONNECT'='connect'",
        "'CONNECT'='PING'",
        "'CONNECT'=1",
        "'CONNECT'=null",
        "'CONNECT'={'a':['CONNECT']}",
        "'peer_id':'p1',=",
        "'p1'=''",
        "'p1'=1",
        "'p1'=null",
        "'p1'=['p1']"
      })
  void everyRequestHasVersionTypeAndPeerId(String change) {
    int middle = change.indexOf('=');
    String message =
        connect(JOIN).replace(change.substring(0, middle), change.substring(middle + 1));

    assertBadRequest("t1", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LEAVE s1;LEAVE s1",
        "JOIN s1 LEECH;JOIN s1 LEECH",
        "JOIN s1 LEECH;JOIN s2 LEECH;JOIN s1 SEEDER",
        "LEAVE s1 LEECH;JOIN s1 LEECH",
        "LEAVE s1;JOIN s1 LEECH",
        "LEAVE s1 SEEDER;JOIN s1 SEEDER",
        "LEAVE s1 SEEDER;JOIN s1 LEECH",
        "LEAVE s1 LEECH;JOIN s1 SEEDER;LEAVE s1 LEECH",
        "LEAVE s1 LEECH;JOIN s1 SEEDER;JOIN s1 SEEDER",
        "LEAVE s1 LEECH;LEAVE s1 LEECH;JOIN s1 SEEDER",
      })
  void oneSwarmStandsInOneActionOnly(String actions) {
    assertBadRequest("t1", connect(actions(actions)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LEAVE s1 LEECH;JOIN s1 SEEDER",
        "JOIN s1 SEEDER;LEAVE s1 LEECH",
        "LEAVE s1;JOIN s1 SEEDER",
        "LEAVE s1 LEECH;LEAVE s2 LEECH;JOIN s1 SEEDER;JOIN s2 SEEDER",
      })
  void aLeechThatHasAllContentLeavesAndJoinsTheSameSwarm(String actions) {
    assertEquals(
        actions.split(";", -1).length, connectOf(connect(actions(actions))).actions().size());
  }

  /** Returns the swarm actions that lines like {@code JOIN s1 SEEDER} describe. */
  private static String actions(String lines) {
    StringBuilder actions = new StringBuilder();
    for (String line : lines.split(";", -1)) {
      String[] words = line.split(" ", -1);
      actions
          .append(actions.isEmpty() ? "" : ",")
          .append("{'action':'" + words[0] + "','swarm_id':'" + words[1] + "'")
          .append(words.length > 2 ? ",'peer_mode':'" + words[2] + "'}" : "}");
    }
    return "'swarm_action':[" + actions + "]";
  }

  @Test
  void aLeaveNeedsNoPeerMode() {
    assertEquals(
        List.of(new SwarmAction("s1", Action.LEAVE, null)),
        connectOf(connect(actions("LEAVE s1"))).actions());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'stat_report':{}",
        "'stat_report':{'type':'STREAM_STATS'}",
        "'stat_report':{'x':[]}"
      })
  void aReportWithoutStatisticsIsAKeepAlive(String data) {
    String message =
        data.isEmpty() ? request(RequestType.STAT_REPORT) : request(RequestType.STAT_REPORT, data);

    assertEquals(List.of(), reportOf(message).stats());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'type':'LINK_STATUS','stat':[{'swarm_id':'s1','up':true}]",
        "'stat':'up','type':'LINK_STATUS'",
        "'stat':[[[{}]]],'type':'LINK_STATUS'",
        "'type':'stream_stats','stat':[{}]"
      })
  void statisticsOfAnUnknownTypeAreIgnored(String data) {
    assertEquals(List.of(), reportOf(report(data)).stats());
  }

  @Test
  void aReportMayComeInAnyOrderAndForManySwarms() {
    String stat = "{" + COUNTERS + ",'swarm_id':'s";
    String message = report("'stat':[" + stat + "1'}," + stat + "2'}]", TYPE);

    assertEquals(
        List.of(new StreamStats("s1", 1, 2, 3, 4), new StreamStats("s2", 1, 2, 3, 4)),
        reportOf(message).stats());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'battery':17 | true",
        "'battery':99.5,'downlink':90000 | true",
        "'downlink':2999 | true",
        "'battery':100,'downlink':3000 | false",
        "'battery':-1,'downlink':-1 | false",
        "'battery':'low','downlink':null | false",
        "'battery':{'level':0.1},'downlink':[1] | false",
        "'x':1 | false"
      })
  void aPeerMaySayThatItRunsOnABatteryOrIsSlowAndOthersMayMeanSomethingElse(
      String members, boolean constrained) {
    String message = report("'stat':{" + COUNTERS + ",'swarm_id':'s'," + members + "}", TYPE);

    assertEquals(List.of(new StreamStats("s", 1, 2, 3, 4, constrained)), reportOf(message).stats());
  }

  @Test
  void theAddressesOfHighestPriorityAreKept() {
    String addresses =
        IntStream.of(3, 9, 1, 12, 5, 8, 2, 11, 4, 10, 6, 7, 9)
            .mapToObj(i -> "{" + ADDRESS.replace("'priority':1", "'priority':" + i) + "}")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();

    List<PeerAddress> kept =
        connectOf(connect(JOIN, "'peer_addr':[" + addresses + "]")).addresses();

    assertEquals(
        List.of(12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L),
        kept.stream().map(PeerAddress::priority).toList());
  }

  @Test
  void membersOfOtherRequestTypesAreIgnoredHoweverMalformed() {
    String broken =
        "'connect':{'swarm_action':[{'action':'FLY'}],'peer_addr':7,'peer_num':[]},"
            + "'find':{'swarm_id':[[]],'peer_num':{'peer_count':-1}},"
            + "'stat_report':{'type':'STREAM_STATS','stat':[{'swarm_id':'','x':{'y':[1]}}]},"
            + "'swarm_id':{},'peer_num':{'peer_count':{'a':[]}},'peer_number':'x'";
    String flat = broken.substring(broken.indexOf("'swarm_id':{}"));
    String connect = broken.substring(0, broken.indexOf("'find'"));
    String find = broken.substring(connect.length(), broken.indexOf("'stat_report'"));
    String report = broken.substring(connect.length() + find.length(), broken.indexOf(flat));

    assertIgnored(RequestType.CONNECT, "'connect':{" + JOIN + "}", find + report + flat);
    assertIgnored(RequestType.FIND, "'find':{" + SWARM + "}", connect + report + "'x':0");
    assertIgnored(
        RequestType.STAT_REPORT,
        "'stat_report':{" + TYPE + "," + STAT + "}",
        connect + find + flat);
  }

  private static void assertIgnored(RequestType type, String data, String others) {
    Request expected = Messages.content(accepted(request(type, data)).request());

    assertEquals(expected, Messages.content(accepted(request(type, data, others)).request()));
    assertEquals(expected, Messages.content(accepted(request(type, others, data)).request()));
  }

  static Stream<ObjectNode> objectsOfWellFormedMessages() {
    return Messages.wellFormed().stream().map(body -> (ObjectNode) Messages.tree(body));
  }

  @ParameterizedTest
  @MethodSource("objectsOfWellFormedMessages")
  void aDuplicateMemberIsABadRequestAtEveryLevel(ObjectNode message) {
    String text = message.toString();
    for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
      int colon = text.indexOf(':', at);
      String first = text.substring(at + 1, colon);
      String twice = text.substring(0, at + 1) + first + ":1," + text.substring(at + 1);

      assertEquals(ErrorCode.BAD_REQUEST, rejected(bytes(twice)).code(), twice);
    }
  }

  @Test
  void aDuplicateIsFoundThroughEscapesAndAmongUnknownMembers() {
    assertBadRequest("t1", connect(JOIN, "'x':1,'y':2,'\\u0078':1"));
    assertBadRequest("t1", connect(JOIN, "'swarm\\u005faction':[]"));
  }

  @Test
  void everyLevelMayHaveMembersUnknownHere() {
    String unknown = "'connect_':{'version':2,'transaction_id':[{'a':null}]},'x':[[1e400]],";
    for (byte[] body : Messages.wellFormed()) {
      String text = Messages.text(body).replace('"', '\'');
      String extended = text.replace("{", "{" + unknown);

      assertEquals(
          Messages.content(accepted(text).request()),
          Messages.content(accepted(extended).request()),
          extended);
    }
  }

  @Test
  void aMessageOfManyUnknownMembersIsRead() {
    StringBuilder many = new StringBuilder(connect(JOIN));
    for (int i = 0; i < 20_000; i++) {
      many.insert(1, "'u" + i + "':0,");
    }

    assertEquals("p1", accepted(many.toString()).request().peerId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{}", "]", "}", ",", "null", "\u0000", "/* */", "\ufeff"})
  void nothingButWhitespaceFollowsAMessage(String garbage) {
    assertBadRequest("t1", connect(JOIN) + garbage);
    assertEquals("p1", accepted(connect(JOIN) + " \r\n\t").request().peerId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/* c */{",
        "{# c\n",
        "{,",
        "{'a':01,",
        "{'a':.5,",
        "{'a':NaN,",
        "{'a':+1,",
        "{a:1,",
        "{'a':Infinity,",
        "{'a':'\t',",
        "{'a':'\\x',",
        "{'a':[1,],",
        "{'a':undefined,",
        "{'a':1;",
      })
  void whatIsNotJsonIsABadRequest(String beginning) {
    assertEquals(ErrorCode.BAD_REQUEST, rejected(beginning + connect(JOIN).substring(1)).code());
  }

  @Test
  void onlyDepthIsTooLarge() {
    assertEquals("p1", accepted(nested(16)).request().peerId());

    Reading.Rejected tooDeep = rejected(nested(17));
    assertEquals(
        new Reading.Rejected(ErrorCode.BAD_REQUEST, "t1", true, tooDeep.reason()), tooDeep);
    assertEquals(ErrorCode.BAD_REQUEST, rejected(nested(100_000)).code());

    assertBadRequest("t1", connect(JOIN, "'peer_num':{'peer_count':" + "9".repeat(5000) + "}"));
    assertBadRequest("t1", nested(16).replace("[]", "[x]"));
  }

  /** Returns a message whose deepest array is so deep. */
  private static String nested(int depth) {
    int arrays = depth - 2;
    return request(RequestType.STAT_REPORT, "'x':" + "[".repeat(arrays) + "]".repeat(arrays));
  }

  private static void assertBadRequest(String transactionId, String message) {
    Reading.Rejected rejected = rejected(message);

    assertEquals(
        new Reading.Rejected(
            ErrorCode.BAD_REQUEST, transactionId, false, requireNonNull(rejected.reason())),
        rejected,
        message);
    assertFalse(rejected.reason().isBlank());
  }
}
