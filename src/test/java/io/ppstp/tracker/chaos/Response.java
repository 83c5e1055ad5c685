package io.ppstp.tracker.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An answer with its peer lists; immutable.
 *
 * @param lists the listed peers by swarm
 * @param told the whole of it as text if it is none of a tracker's, else empty
 */
record Response(Answer answer, Map<String, Set<String>> lists, String told) {

  /** Reads an HTTP response to {@code request}. */
  static Response of(PeerRequest request, int status, String body) {
    JsonNode message;
    try {
      message = Json.parse(body).path("PPSPTrackerProtocol");
    } catch (AssertionError e) {
      return malformed(status, body);
    }
    int code = message.path("error_code").asInt(-1);
    boolean isMine = message.path("transaction_id").asText().equals(request.transaction());
    // A node that gives up before it has read a request does not know its transaction.
    if (code < 0 || !(isMine || code == 4 || code == 5)) {
      return malformed(status, body);
    }
    SortedMap<String, Integer> results = new TreeMap<>();
    Map<String, Set<String>> lists = new TreeMap<>();
    for (JsonNode result : message.path("swarm_result")) {
      String swarm = result.path("swarm_id").asText();
      results.merge(swarm, result.path("result").asInt(-1), Math::max);
      if (result.has("peer_group")) {
        Set<String> peers = new HashSet<>();
        result
            .path("peer_group")
            .path("peer_info")
            .forEach(entry -> peers.add(entry.path("peer_id").asText()));
        lists.put(swarm, peers);
      }
    }
    return new Response(new Answer(code, results), lists, "");
  }

  private static Response malformed(int status, String body) {
    return new Response(new Answer(-1, new TreeMap<>()), Map.of(), status + " " + body);
  }
}
