package io.ppstp.tracker.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A keep-alive connection to a tracker, opened when it is first needed and again if it was closed.
 * Requests wait their turn. Confined to the simulation's event loop.
 */
final class PeerConnection {
  private static final CharSequence MEDIA_TYPE =
      HttpHeaders.createOptimized("application/ppsp-tracker+json");
  private static final Pattern ERROR_CODE = Pattern.compile("\"error_code\":(\\d+)");

  private final HttpClientAgent client;
  private final HttpConnectOptions target;
  private final String path;
  private final Deque<PendingRequest> waiting = new ArrayDeque<>();
  private @Nullable HttpClientConnection connection;
  private boolean busy;
  private boolean closed;

  PeerConnection(HttpClientAgent client, HttpConnectOptions target, String path) {
    this.client = client;
    this.target = target;
    this.path = path;
  }

  /**
   * A request on its way.
   *
   * @param whenSent told when the connection took the request
   * @param whenDone told of what came of it
   */
  record PendingRequest(Buffer body, Runnable whenSent, Consumer<RequestOutcome> whenDone) {}

  /** What came of a request: a PPSTP answer with or without an error, or none. */
  record RequestOutcome(boolean answered, String detail) {}

  /** Opens the connection before it is needed. */
  Future<?> prepare() {
    return open();
  }

  void send(PendingRequest exchange) {
    waiting.add(exchange);
    work();
  }

  private void work() {
    if (busy || waiting.isEmpty()) {
      return;
    }
    busy = true;
    PendingRequest exchange = waiting.remove();
    open()
        .compose(open -> open.request(options()))
        .compose(request -> answer(request, exchange))
        .onComplete(outcome -> finish(exchange, outcome));
  }

  private Future<HttpClientConnection> open() {
    if (connection != null) {
      return Future.succeededFuture(connection);
    }
    return client
        .connect(target)
        .onSuccess(
            opened -> {
              connection = opened;
              opened.closeHandler(
                  end -> {
                    if (connection == opened) {
                      connection = null;
                    }
                  });
            });
  }

  private RequestOptions options() {
    return new RequestOptions().setMethod(HttpMethod.POST).setURI(path);
  }

  private static Future<RequestOutcome> answer(HttpClientRequest request, PendingRequest exchange) {
    request.putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
    exchange.whenSent().run();
    return request
        .send(exchange.body())
        .compose(response -> response.body().map(body -> outcome(response.statusCode(), body)));
  }

  /** Reads the error code only: everything else is the tracker's own tests' business. */
  private static RequestOutcome outcome(int status, Buffer body) {
    int length = Math.min(body.length(), 256);
    Matcher code = ERROR_CODE.matcher(new String(body.getBytes(0, length), UTF_8));
    if (!code.find()) {
      return new RequestOutcome(false, "HTTP " + status + " without a PPSTP message");
    }
    return new RequestOutcome(true, code.group(1).equals("0") ? "" : "0" + code.group(1));
  }

  private void finish(PendingRequest exchange, AsyncResult<RequestOutcome> result) {
    busy = false;
    if (result.succeeded()) {
      exchange.whenDone().accept(result.result());
    } else {
      drop();
      exchange.whenDone().accept(new RequestOutcome(false, reason(result.cause())));
    }
    if (closed && waiting.isEmpty()) {
      drop();
    }
    work();
  }

  /** A message names addresses and ports, of which there are too many to count by. */
  private static String reason(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    int address = message.indexOf(':');
    return address < 0 ? message : message.substring(0, address);
  }

  private void drop() {
    HttpClientConnection open = connection;
    connection = null;
    if (open != null) {
      open.close();
    }
  }

  /** Gives up what still waits to be sent; nobody is told. */
  void abandon() {
    waiting.clear();
    close();
  }

  /** Closes the connection when all that waits is done; returns whether that is now. */
  boolean close() {
    closed = true;
    boolean idle = !busy && waiting.isEmpty();
    if (idle) {
      drop();
    }
    return idle;
  }
}
