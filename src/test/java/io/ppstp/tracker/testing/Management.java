package io.ppstp.tracker.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** An operator who looks at the management port. Thread-safe. */
public final class Management {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  Management(URI base) {
    this.base = base;
  }

  /** Returns where it listens. */
  public URI uri() {
    return base;
  }

  /** Returns the answer to a GET. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the answer to a request with a JSON body; a DELETE has none. */
  public HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the status report. */
  public JsonNode status() throws IOException, InterruptedException {
    return Json.parse(get("/status").body());
  }

  /** Returns what the tracker says it holds. */
  public Held held() throws IOException, InterruptedException {
    JsonNode status = status();
    return new Held(
        status.path("peers").asLong(-1),
        status.path("swarms").asLong(-1),
        status.path("members").asLong(-1));
  }

  /** Returns the value of a series, named with its labels; nothing if there is no such series. */
  public Optional<Double> metric(String series) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.valueOf(line.substring(series.length() + 1)))
        .findFirst();
  }

  /** Peers, swarms and memberships. */
  public record Held(long peers, long swarms, long members) {}
}
