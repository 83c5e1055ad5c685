package io.ppstp.tracker.tap;

import io.ppstp.tracker.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Answers for events as a node does, with all that a test wants told. Thread-safe. */
final class FakeNode {
  private final HttpServer server;
  private final Set<HttpServerResponse> readers = new LinkedHashSet<>();
  private final List<String> ids = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private int status = 200;

  FakeNode(Vertx vertx, int port) {
    server =
        Await.result(
            vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  int port() {
    return server.actualPort();
  }

  private synchronized void answer(HttpServerRequest request) {
    String after = String.valueOf(request.getHeader("last-event-id"));
    asked.add(request.uri() + " after " + after);
    if (status != 200) {
      request.response().setStatusCode(status).end("{\"detail\":\"so it is\"}");
      return;
    }
    HttpServerResponse response = request.response().setChunked(true);
    response.putHeader("content-type", "application/x-ndjson").write("\n");
    response.exceptionHandler(gone -> forget(response)).closeHandler(gone -> forget(response));
    readers.add(response);
    int from = after.equals("null") ? lines.size() : ids.indexOf(after) + 1;
    if (from == 0 && !after.equals("null")) {
      response.write("{\"event\":\"lost\",\"after\":\"" + after + "\"}\n");
    }
    lines.subList(from, lines.size()).forEach(line -> response.write(line + "\n"));
  }

  private synchronized void forget(HttpServerResponse response) {
    readers.remove(response);
  }

  static String event(String process, long seq) {
    return "{\"v\":1,\"node\":\"%s\",\"seq\":%d,\"event\":\"joined\",\"peer_id\":\"p\"}"
        .formatted(process, seq);
  }

  /** Tells an event. */
  synchronized void tell(String process, long seq) {
    ids.add(process + "-" + seq);
    lines.add(event(process, seq));
    say(event(process, seq) + "\n");
  }

  /** Tells anything, once. */
  synchronized void say(String text) {
    readers.forEach(reader -> reader.write(text));
  }

  /** Cuts all connections. */
  synchronized void cut() {
    List.copyOf(readers).forEach(HttpServerResponse::reset);
  }

  synchronized void refuse(int code) {
    status = code;
  }

  synchronized int readers() {
    return readers.size();
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  void close() {
    Await.result(server.close());
  }
}
