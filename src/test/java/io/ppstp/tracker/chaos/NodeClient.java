package io.ppstp.tracker.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.testing.Reply;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends peers' requests over HTTP/1.1, each on a connection of its own at a time. Thread-safe. */
final class NodeClient {
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
