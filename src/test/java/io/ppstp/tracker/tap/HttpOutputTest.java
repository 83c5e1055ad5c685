package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.Output.OutputException;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector gets, and what its answers mean. */
class HttpOutputTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final List<String> notes = new ArrayList<>();
  private volatile int status = 204;
  private volatile int mostBytes = Integer.MAX_VALUE;
  private HttpServer server;
  private HttpOutput output;

  @BeforeEach
  void start() {
    server =
        Await.result(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  String head =
                                      request.method()
                                          + " "
                                          + request.uri()
                                          + " "
                                          + request.getHeader("content-type")
                                          + " "
                                          + request.getHeader("x-key");
                                  bodies.add(head + "\n" + body);
                                  request
                                      .response()
                                      .putHeader("retry-after", "7")
                                      .setStatusCode(body.length() > mostBytes ? 413 : status)
                                      .end("whatever");
                                }))
                .listen(0, "127.0.0.1"));
    URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/in?table=events");
    output = new HttpOutput(vertx, new Target.Collector(url, Map.of("x-key", "k")), notes::add);
  }

  @AfterEach
  void stop() {
    Await.result(vertx.close());
  }

  private void write(String... lines) {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(UTF_8);
    Await.result(output.write(Batch.of(text, lines.length)));
  }

  private OutputException refused(String... lines) {
    CompletionException thrown = assertThrows(CompletionException.class, () -> write(lines));
    return assertInstanceOf(OutputException.class, thrown.getCause());
  }

  @Test
  void aBatchIsPostedAsLines() {
    write("{\"a\":1}", "{\"a\":2}");
    assertEquals(
        List.of("POST /in?table=events application/x-ndjson k\n{\"a\":1}\n{\"a\":2}\n"), bodies);
  }

  @Test
  void anAnswerThatMayPassIsTriedAgain() {
    for (int passing : new int[] {408, 429, 500, 503}) {
      status = passing;
      OutputException failure = refused("1");
      assertFalse(failure.isFatal());
      assertEquals(7000, failure.waitMs());
    }
    Await.result(server.close());
    assertFalse(refused("1").isFatal());
    assertEquals(0, output.refused());
  }

  @Test
  void aWrongAddressShowsAtOnceButDoesNotEndATapThatWorked() {
    status = 404;
    OutputException failure = refused("1");
    assertTrue(failure.isFatal());
    assertTrue(String.valueOf(failure.getMessage()).endsWith("answers 404"));
    assertFalse(String.valueOf(failure.getMessage()).contains("table"), "queries hold secrets");
    status = 200;
    write("1");
    status = 404;
    assertFalse(refused("2").isFatal());
  }

  @Test
  void whatIsNoGoodIsGivenUpAndCounted() {
    write("1");
    status = 400;
    write("2", "3");
    assertEquals(2, output.refused());
    assertEquals(1, notes.size());
  }

  @Test
  void aBatchThatIsTooLargeIsHalved() {
    mostBytes = 4;
    write("1", "2", "3", "4", "5");
    List<String> taken =
        bodies.stream()
            .map(it -> it.substring(it.indexOf('\n') + 1))
            .filter(it -> it.length() <= 4)
            .toList();
    assertEquals("1\n2\n3\n4\n5\n", String.join("", taken));
    assertEquals(0, output.refused());
    write("too long for it alone");
    assertEquals(1, output.refused());
  }
}
