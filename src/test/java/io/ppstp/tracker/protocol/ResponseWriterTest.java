package io.ppstp.tracker.protocol;

import static io.ppstp.tracker.protocol.Messages.example;
import static io.ppstp.tracker.protocol.Messages.text;
import static io.ppstp.tracker.protocol.Messages.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.ResponseWriter.SwarmResult;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseWriterTest {
  private static final PeerAddress SELF = PeerAddress.reflexive(ip("198.51.100.1"), 80, 1);

  @Test
  void aSuccessWithoutResultsHasTheMandatoryMembersOnly() {
    assertEquals(
        "{'PPSPTrackerProtocol':{'version':1,'response_type':0,'error_code':0,"
            + "'transaction_id':'t1'}}",
        quoted(ResponseWriter.success("t1", null, List.of())));
  }

  @Test
  void everyMemberHasItsPlace() {
    PeerAddress full =
        new PeerAddress(
            ip("2001:DB8:0:0::1"),
            65_535,
            Long.MAX_VALUE,
            AddressType.HOST,
            AccessType.WIRELESS,
            "64496",
            "PPSP-PP");

    assertEquals(
        "{'PPSPTrackerProtocol':{'version':1,'response_type':0,'error_code':0,"
            + "'transaction_id':'t1',"
            + "'peer_addr':{'ip_address':{'address_type':'ipv4','address':'198.51.100.1'},"
            + "'port':80,'priority':1,'type':'REFLEXIVE'},"
            + "'swarm_result':[{'swarm_id':'s1','result':0,'peer_group':{'peer_info':["
            + "{'peer_id':'p2','peer_addr':{'ip_address':{'address_type':'ipv6',"
            + "'address':'2001:db8::1'},'port':65535,'priority':9223372036854775807,"
            + "'type':'HOST','connection':'wireless','asn':'64496','peer_protocol':'PPSP-PP'}},"
            + "{'peer_id':'p3','peer_addr':{'ip_address':{'address_type':'ipv4',"
            + "'address':'198.51.100.1'},'port':80,'priority':1,'type':'REFLEXIVE'}}]}},"
            + "{'swarm_id':'s2','result':0,'peer_group':{'peer_info':[]}},"
            + "{'swarm_id':'s3','result':0},"
            + "{'swarm_id':'s4','result':1}]}}",
        quoted(
            ResponseWriter.success(
                "t1",
                SELF,
                List.of(
                    new SwarmResult("s1", true, peers(peer("p2", full), peer("p3", SELF))),
                    new SwarmResult("s2", true, peers()),
                    SwarmResult.success("s3"),
                    SwarmResult.failure("s4")))));
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, 1",
    "UNSUPPORTED_VERSION, 2",
    "FORBIDDEN_ACTION, 3",
    "INTERNAL_SERVER_ERROR, 4",
    "SERVICE_UNAVAILABLE, 5",
    "AUTHENTICATION_REQUIRED, 6"
  })
  void aFailureHasTheMandatoryMembersOnly(ErrorCode code, int wireValue) {
    assertEquals(
        "{'PPSPTrackerProtocol':{'version':1,'response_type':1,'error_code':"
            + wireValue
            + ",'transaction_id':'t1'}}",
        quoted(ResponseWriter.failure(code, "t1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "\"", "\\", "\"},\"error_code\":0,\"x\":{\"", "\u0000\u0001\b\f\n\r\t\u001f", "\u007f",
        "</script>", "é", "日本", "😀", "\u2028\u2029", "\uffff"
      })
  void idsComeBackAsTheyWere(String id) {
    JsonNode response =
        response(
            ResponseWriter.success(
                id, null, List.of(new SwarmResult(id, true, peers(peer(id, SELF))))));

    assertEquals(id, response.get("transaction_id").textValue());
    assertEquals(id, response.at("/swarm_result/0/swarm_id").textValue());
    assertEquals(id, response.at("/swarm_result/0/peer_group/peer_info/0/peer_id").textValue());
    assertEquals(
        id,
        response(ResponseWriter.failure(ErrorCode.BAD_REQUEST, id))
            .get("transaction_id")
            .textValue());
  }

  @Test
  void anyTextAndAnyNumberOfResultsReadBack() {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 2_000; i++) {
      String id = randomText(random);
      List<SwarmResult> results = new ArrayList<>();
      for (int n = random.nextInt(20); n > 0; n--) {
        results.add(new SwarmResult(randomText(random), random.nextBoolean(), null));
      }
      JsonNode response = response(ResponseWriter.success(id, SELF, results));

      assertEquals(id, response.get("transaction_id").textValue());
      for (int n = 0; n < results.size(); n++) {
        JsonNode result = response.at("/swarm_result/" + n);
        assertEquals(results.get(n).swarmId(), result.get("swarm_id").textValue());
        assertEquals(results.get(n).successful() ? 0 : 1, result.get("result").intValue());
      }
      assertEquals(results.size(), response.path("swarm_result").size());
    }
  }

  private static String randomText(SplittableRandom random) {
    int[] codePoints = new int[random.nextInt(300)];
    int bound = random.nextBoolean() ? 0x80 : 0xd800;
    for (int i = 0; i < codePoints.length; i++) {
      codePoints[i] = random.nextInt(20) == 0 ? 0x1f600 : random.nextInt(bound);
    }
    return new String(codePoints, 0, codePoints.length);
  }

  @Test
  void theAnswerToAReportIsTheRfcsExample() {
    assertIsExample(
        "stat-report.response",
        ResponseWriter.success("12345", null, List.of(SwarmResult.success("1111"))));
  }

  @Test
  void theAnswerToAFindIsTheRfcsExample() {
    assertIsExample(
        "find.response",
        ResponseWriter.success(
            "12345",
            null,
            List.of(
                new SwarmResult(
                    "1111",
                    true,
                    peers(
                        examplePeer("656164657221", "198.51.100.1", 1, "wireless", null),
                        examplePeer("956264622298", "198.51.100.22", 1, "wireless", null),
                        examplePeer("3332001256741", "198.51.100.201", 1, "wireless", null))))));
  }

  @Test
  void theAnswerToASwitchIsTheRfcsExample() {
    PeerAddress self =
        new PeerAddress(ip("198.51.100.1"), 80, 1, AddressType.REFLEXIVE, null, "64496", null);
    assertIsExample(
        "connect-leech-switch.response",
        ResponseWriter.success(
            "12345",
            self,
            List.of(
                new SwarmResult(
                    "2222",
                    true,
                    peers(
                        examplePeer("956264622298", "198.51.100.22", 2, "wired", "PPSP-PP"),
                        examplePeer("3332001256741", "198.51.100.201", 2, "wired", "PPSP-PP"))))));
  }

  /** The examples differ from the schema in two ways, in which the schema is followed. */
  private static void assertIsExample(String name, byte[] actual) {
    JsonNode message = tree(example(name));
    ObjectNode response = (ObjectNode) message.get("PPSPTrackerProtocol");
    JsonNode result = response.get("swarm_result");
    response.putArray("swarm_result").add(result);
    if (response.get("peer_addr") instanceof ObjectNode self) {
      self.put("type", "REFLEXIVE");
    }

    assertEquals(message, tree(actual));
  }

  @Test
  void aBufferGrowsFromNothing() {
    JsonBuffer out = new JsonBuffer(0);

    out.raw('[').number(0).raw(',').number(9).raw(',').number(10).raw(',');
    out.number(Long.MAX_VALUE).raw(',').string("a").raw(',').string("é").raw(']');

    byte[] expected = "[0,9,10,9223372036854775807,\"a\",\"é\"]".getBytes(UTF_8);
    assertArrayEquals(expected, out.toByteArray());
    assertEquals(expected.length, out.size());
  }

  private static byte[] examplePeer(
      String id, String ip, long priority, String access, @Nullable String peerProtocol) {
    AccessType accessType = access.equals("wired") ? AccessType.WIRED : AccessType.WIRELESS;
    return peer(
        id,
        new PeerAddress(
            ip(ip), 80, priority, AddressType.REFLEXIVE, accessType, "64496", peerProtocol));
  }

  private static byte[] peer(String id, PeerAddress address) {
    JsonBuffer out = new JsonBuffer(8);
    AddressWriter.beginPeerInfo(out, id);
    AddressWriter.address(out, address);
    AddressWriter.endPeerInfo(out);
    return out.toByteArray();
  }

  private static byte[] peers(byte[]... entries) {
    JsonBuffer out = new JsonBuffer(8);
    for (byte[] entry : entries) {
      if (out.size() > 0) {
        out.raw(',');
      }
      out.raw(entry);
    }
    return out.toByteArray();
  }

  private static JsonNode response(byte[] message) {
    return requireNonNull(tree(message).get("PPSPTrackerProtocol"), () -> text(message));
  }

  private static String quoted(byte[] message) {
    return text(message).replace('"', '\'');
  }

  private static IpAddress ip(String literal) {
    return requireNonNull(IpAddress.parse(literal));
  }
}
