package io.ppstp.tracker.networks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request to an ALTO server and its answer at a time, bounded in time and in bytes; blocks.
 * Certificates are checked by what the JVM trusts. Thread-safe.
 */
final class AltoExchange {
  private static final int LONGEST_FAULT = 200;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(Redirect.NEVER)
          .build();

  private final Duration deadline;
  private final int mostBytes;

  /**
   * Makes one without connections.
   *
   * @param deadline for a whole exchange
   * @param mostBytes of an answer
   */
  AltoExchange(Duration deadline, int mostBytes) {
    this.deadline = deadline;
    this.mostBytes = mostBytes;
  }

  AltoDocument get(URI uri, String accept) throws IOException {
    return exchange(to(uri, accept).GET().build());
  }

  AltoDocument post(URI uri, String accept, String contentType, String body) throws IOException {
    return exchange(
        to(uri, accept)
            .header("content-type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpRequest.Builder to(URI uri, String accept) throws TableException {
    String scheme = String.valueOf(uri.getScheme());
    boolean http = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    if (!http || uri.getHost() == null) {
      throw new TableException(uri + " is no http or https URL");
    }
    return HttpRequest.newBuilder(uri)
        .header("accept", accept + ",application/alto-error+json")
        .header("user-agent", "ppstp-tracker");
  }

  private AltoDocument exchange(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(mostBytes));
    try {
      HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new TableException(request.uri() + ": HTTP status " + response.statusCode());
      }
      return read(response.body(), request.uri());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new TableException(
          request.uri() + ": no whole answer within " + deadline.toSeconds() + " s");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw new TableException(request.uri() + ": " + told(e.getCause()));
    }
  }

  private static AltoDocument read(byte[] body, URI uri) throws IOException {
    try {
      return AltoReader.read(new ByteArrayInputStream(body), uri);
    } catch (TableException e) {
      throw new TableException(uri + ": " + e.getMessage());
    }
  }

  private static String told(@Nullable Throwable failure) {
    if (failure == null) {
      return "failed";
    }
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    if (message == null) {
      return kind;
    }
    // It may repeat what the server has sent.
    String shown = message.replaceAll("[^ -~]", "?");
    return shown.substring(0, Math.min(shown.length(), LONGEST_FAULT));
  }

  /** Collects a body, and lets go of one that is too long. */
  private static final class BoundedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
    private final int most;
    private long size;
    private Flow.Subscription upstream = new NoSubscription();

    private record NoSubscription() implements Flow.Subscription {
      @Override
      public void request(long n) {}

      @Override
      public void cancel() {}
    }

    BoundedBody(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream = subscription;
      whole.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
      for (ByteBuffer piece : pieces) {
        size += piece.remaining();
      }
      if (size > most) {
        upstream.cancel();
        whole.onError(new IOException("more than " + most + " bytes"));
      } else {
        whole.onNext(pieces);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.onError(failure);
    }

    @Override
    public void onComplete() {
      whole.onComplete();
    }
  }
}
