package io.ppstp.tracker.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.PeerState.Answer;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Reply;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Sends peers' requests over HTTP/1.1, each on a connection of its own at a time. Thread-safe. */
final class NodeClient {
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

  /** After which a peer gives a request up, and repeats it elsewhere. */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  /** Sends a request once. The future fails if the connection does, or if no answer comes. */
  CompletableFuture<Response> send(ChaosNode node, String peer, PeerRequest request) {
    HttpRequest post =
        HttpRequest.newBuilder(node.http())
            .timeout(PATIENCE)
            .header("Content-Type", Reply.MEDIA_TYPE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.message(peer).bytes()))
            .build();
    return http.sendAsync(post, HttpResponse.BodyHandlers.ofString(UTF_8))
        .thenApply(response -> Response.of(request, response.statusCode(), response.body()));
  }
}
