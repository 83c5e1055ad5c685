package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A peer that behaves well, over the JDK's HTTP client. Thread-safe. */
public final class PpstpClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI tracker;
  private final HttpClient http;

  /** Makes a client of plain HTTP/1.1. */
  public PpstpClient(URI tracker) {
    this(tracker, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
  }

  /** Makes a client that speaks through {@code http}. */
  public PpstpClient(URI tracker, HttpClient http) {
    this.tracker = tracker;
    this.http = http;
  }

  /** Returns a POST of {@code body} to {@code path}, as a peer sends it. */
  public HttpRequest.Builder request(String path, byte[] body) {
    return HttpRequest.newBuilder(tracker.resolve(path))
        .timeout(PATIENCE)
        .header("Content-Type", Reply.MEDIA_TYPE)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /** Sends a message and returns the answer. */
  public Reply post(Message message) throws IOException, InterruptedException {
    return post(message.bytes());
  }

  /** Sends a body and returns the answer. */
  public Reply post(byte[] body) throws IOException, InterruptedException {
    return send(request("/", body).build());
  }

  /** Sends a message; the answer will come. */
  public CompletableFuture<Reply> postAsync(Message message) {
    return http.sendAsync(
            request("/", message.bytes()).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
        .thenApply(PpstpClient::reply);
  }

  /** Sends any request and returns the answer. */
  public Reply send(HttpRequest request) throws IOException, InterruptedException {
    return reply(exchange(request));
  }

  /** Sends any request and returns HTTP's own view of the answer. */
  public HttpResponse<String> exchange(HttpRequest request)
      throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static Reply reply(HttpResponse<String> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response
        .headers()
        .map()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return new Reply(response.statusCode(), headers, response.body());
  }
}
