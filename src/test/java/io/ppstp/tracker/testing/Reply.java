package io.ppstp.tracker.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An HTTP response and the PPSTP response in it; immutable.
 *
 * @param headers by name in lower case
 */
public record Reply(int status, Map<String, String> headers, String text) {
  public static final String MEDIA_TYPE = "application/ppsp-tracker+json";

  private static final int MOST_LISTED = 29;

  /** Returns a header, empty if it was not sent. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Returns what stands inside {@code PPSPTrackerProtocol}. */
  public JsonNode message() {
    return Json.parse(text).path("PPSPTrackerProtocol");
  }

  /** Returns the PPSTP error code, -1 if there is none. */
  public int errorCode() {
    return message().path("error_code").asInt(-1);
  }

  /** Returns the transaction ID. */
  public String transactionId() {
    return message().path("transaction_id").asText();
  }

  /** Returns whether all of the request or some of its swarm actions succeeded. */
  public boolean isSuccess() {
    return errorCode() == 0;
  }

  /** Returns the result of a swarm: 0 success, 1 failure, nothing if it has none. */
  public Optional<Integer> result(String swarmId) {
    return swarmResult(swarmId).map(it -> it.path("result").asInt(-1));
  }

  /** Returns the entries of a swarm's list, none if it has no list. */
  public List<JsonNode> entries(String swarmId) {
    List<JsonNode> entries = new ArrayList<>();
    swarmResult(swarmId)
        .ifPresent(it -> it.path("peer_group").path("peer_info").forEach(entries::add));
    return entries;
  }

  /** Returns the different peers of a swarm's list. */
  public Set<String> peers(String swarmId) {
    Set<String> peers = new HashSet<>();
    entries(swarmId).forEach(entry -> peers.add(entry.path("peer_id").asText()));
    return peers;
  }

  private Optional<JsonNode> swarmResult(String swarmId) {
    for (JsonNode result : message().path("swarm_result")) {
      if (result.path("swarm_id").asText().equals(swarmId)) {
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  /** Checks status and code; returns this. */
  public Reply expect(int wantedStatus, int wantedCode) {
    assertWellFormed();
    assertAll(
        () -> assertEquals(wantedStatus, status, this::toString),
        () -> assertEquals(wantedCode, errorCode(), this::toString));
    return this;
  }

  /** Checks that this is a success; returns this. */
  public Reply expectSuccess() {
    return expect(200, 0);
  }

  /** Checks that this holds a PPSTP response as RFC 7846 has it, whatever it says. */
  public void assertWellFormed() {
    assertEquals(MEDIA_TYPE, header("content-type"), this::toString);
    JsonNode root = Json.parse(text);
    assertEquals(1, root.size(), this::toString);
    JsonNode message = message();
    boolean failed = message.path("response_type").asInt(-1) == 1;
    JsonNode code = message.path("error_code");
    assertAll(
        this::toString,
        () -> assertEquals("1", message.path("version").toString()),
        () -> assertEquals(failed ? "1" : "0", message.path("response_type").toString()),
        () -> assertTrue(code.isInt() && (failed ? code.asInt() > 0 : code.asInt() == 0)),
        () -> assertTrue(message.path("transaction_id").isTextual()),
        () -> assertTrue(!failed || message.size() == 4));
    if (message.has("peer_addr")) {
      assertAddress(message.path("peer_addr"));
    }
    if (message.has("swarm_result")) {
      assertTrue(message.path("swarm_result").isArray(), this::toString);
      message.path("swarm_result").forEach(this::assertSwarmResult);
    }
  }

  private void assertSwarmResult(JsonNode result) {
    boolean success = result.path("result").toString().equals("0");
    assertTrue(success || result.path("result").toString().equals("1"), this::toString);
    assertTrue(result.path("swarm_id").isTextual(), this::toString);
    if (!result.has("peer_group")) {
      return;
    }
    JsonNode list = result.path("peer_group").path("peer_info");
    assertTrue(success && list.isArray(), this::toString);
    Set<String> peers = new HashSet<>();
    for (JsonNode entry : list) {
      assertTrue(entry.path("peer_id").isTextual(), this::toString);
      assertAddress(entry.path("peer_addr"));
      peers.add(entry.path("peer_id").asText());
    }
    assertTrue(peers.size() <= MOST_LISTED, this::toString);
  }

  private void assertAddress(JsonNode address) {
    JsonNode ip = address.path("ip_address");
    int port = address.path("port").asInt(0);
    assertAll(
        this::toString,
        () -> assertTrue(Set.of("ipv4", "ipv6").contains(ip.path("address_type").asText())),
        () -> assertTrue(ip.path("address").isTextual()),
        () -> assertTrue(address.path("port").isInt() && port >= 1 && port <= 65_535),
        () -> assertTrue(address.path("priority").isIntegralNumber()),
        () -> assertTrue(address.path("type").isTextual()));
  }
}
