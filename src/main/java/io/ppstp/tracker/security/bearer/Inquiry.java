package io.ppstp.tracker.security.bearer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Requests to an issuer's servers, bounded in time and in the size of what comes back. Certificates
 * are checked by what the JVM trusts; redirects are not followed. Thread-safe.
 */
final class Inquiry {
  private static final int MOST_BYTES = 1 << 20;
  private static final int CONNECT_MS = 2000;

  private final Vertx vertx;
  private final HttpClient client;
  private final long deadlineMs;

  /**
   * Makes one without open connections.
   *
   * @param deadlineMs for a whole exchange, in milliseconds
   */
  Inquiry(Vertx vertx, long deadlineMs) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS).setMaxRedirects(0));
    this.deadlineMs = deadlineMs;
  }

  /** Gets what is at {@code url}. The future fails with an {@link IOException} without secrets. */
  Future<Buffer> get(URI url) {
    return exchange(url, new RequestOptions().setMethod(HttpMethod.GET), Buffer.buffer());
  }

  /** Posts {@code body}; as {@link #get} otherwise. */
  Future<Buffer> post(URI url, Map<String, String> headers, Buffer body) {
    RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST);
    headers.forEach(options::putHeader);
    return exchange(url, options, body);
  }

  private Future<Buffer> exchange(URI url, RequestOptions request, Buffer body) {
    RequestOptions options =
        request
            .setAbsoluteURI(url.toString())
            .setFollowRedirects(false)
            .setIdleTimeout(deadlineMs)
            .putHeader("accept", "application/json");
    // On an event loop, whoever asks: another thread may look at a response after it has passed.
    Promise<Buffer> answer = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            turn ->
                // Composed, so that what it throws fails the future as well.
                Future.succeededFuture()
                    .compose(now -> client.request(options))
                    .compose(opened -> exchange(opened, body))
                    .timeout(deadlineMs, TimeUnit.MILLISECONDS)
                    .onComplete(answer));
    return answer.future().recover(failure -> Future.failedFuture(told(failure)));
  }

  private Future<Buffer> exchange(HttpClientRequest request, Buffer body) {
    return request
        .send(body)
        .compose(Inquiry::read)
        .timeout(deadlineMs, TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset());
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    // Always there, for a response that is broken off would complain in the log otherwise.
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() != 200) {
      return Future.failedFuture(new IOException("HTTP status " + response.statusCode()));
    }
    response.endHandler(end -> whole.tryComplete(body));
    response.handler(
        piece -> {
          if (body.length() + piece.length() > MOST_BYTES) {
            whole.tryFail(new IOException("more than " + MOST_BYTES + " bytes"));
          } else {
            body.appendBuffer(piece);
          }
        });
    return whole.future();
  }

  /** Faults of the network tell about addresses only; all others are named by kind. */
  private static IOException told(Throwable failure) {
    return failure instanceof IOException known
        ? known
        : new IOException(failure.getClass().getSimpleName(), failure);
  }
}
