package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.swarm.ExpectedAnswer.ListOfPeers;
import io.ppstp.tracker.swarm.ExpectedAnswer.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares an answer, as it goes over the wire, with what the model expects. */
final class AnswerChecker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<PeerAddress, JsonNode> addresses = new HashMap<>();

  void check(Request request, ExpectedAnswer expected, Answer answer) throws IOException {
    assertEquals(expected.code(), answer.code());
    assertEquals(request.type(), answer.type());
    JsonNode root = JSON.readTree(answer.body());
    assertEquals(List.of("PPSPTrackerProtocol"), names(root));
    JsonNode message = root.path("PPSPTrackerProtocol");
    boolean success = expected.code().isSuccess();
    List<String> members =
        new ArrayList<>(List.of("version", "response_type", "error_code", "transaction_id"));
    if (expected.self() != null) {
      members.add("peer_addr");
    }
    if (!expected.results().isEmpty()) {
      members.add("swarm_result");
    }
    assertEquals(members, names(message));
    assertEquals("1", message.path("version").toString());
    assertEquals(success ? "0" : "1", message.path("response_type").toString());
    assertEquals(
        Integer.toString(expected.code().wireValue()), message.path("error_code").toString());
    assertEquals(request.transactionId(), message.path("transaction_id").textValue());
    if (expected.self() != null) {
      assertEquals(json(expected.self()), message.get("peer_addr"));
    }
    checkResults(expected.results(), message.path("swarm_result"));
  }

  private void checkResults(List<Result> expected, JsonNode results) {
    assertEquals(expected.size(), results.size());
    for (int i = 0; i < expected.size(); i++) {
      JsonNode result = results.get(i);
      assertEquals(expected.get(i).swarmId(), result.path("swarm_id").textValue());
      assertEquals(
          expected.get(i).successful() ? "0" : "1",
          result.path("result").toString(),
          expected.get(i).swarmId());
      checkList(expected.get(i).list(), result.get("peer_group"));
    }
  }

  private void checkList(@Nullable ListOfPeers expected, @Nullable JsonNode group) {
    if (expected == null) {
      assertNull(group);
      return;
    }
    assertNotNull(group);
    assertEquals(List.of("peer_info"), names(group));
    Map<String, List<JsonNode>> listed = new HashMap<>();
    String previous = null;
    for (JsonNode entry : group.path("peer_info")) {
      assertEquals(List.of("peer_id", "peer_addr"), names(entry));
      String id = entry.path("peer_id").textValue();
      assertTrue(
          id.equals(previous) || !listed.containsKey(id), () -> "entries apart of peer " + id);
      listed.computeIfAbsent(id, unseen -> new ArrayList<>()).add(entry.path("peer_addr"));
      previous = id;
    }
    listed.forEach(
        (id, entries) -> {
          List<PeerAddress> known = expected.candidates().get(id);
          assertNotNull(known, () -> "listed, but no candidate: " + id);
          assertEquals(known.stream().map(this::json).toList(), entries, id);
        });
    int size = listed.size();
    assertTrue(
        expected.least() <= size && size <= expected.most(),
        () ->
            String.format(
                "%d peers instead of %d to %d of %s",
                size,
                expected.least(),
                expected.most(),
                new TreeSet<>(expected.candidates().keySet())));
  }

  private JsonNode json(PeerAddress address) {
    return addresses.computeIfAbsent(address, AnswerChecker::make);
  }

  private static JsonNode make(PeerAddress address) {
    ObjectNode json = JSON.createObjectNode();
    String literal = address.ip().toString();
    json.putObject("ip_address")
        .put("address_type", literal.contains(":") ? "ipv6" : "ipv4")
        .put("address", literal);
    json.put("port", address.port());
    json.put("priority", address.priority());
    json.put("type", address.type().name());
    if (address.access() != null) {
      json.put("connection", address.access().wireName());
    }
    if (address.asn() != null) {
      json.put("asn", address.asn());
    }
    if (address.peerProtocol() != null) {
      json.put("peer_protocol", address.peerProtocol());
    }
    try {
      // Through text, so that numbers are of the type that reading makes them.
      return JSON.readTree(json.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
