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
  private volatile String busyFor = "nobody";
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
                                      .setStatusCode(status(body.toString()))
                                      .end("whatever");
                                }))
                .listen(0, "127.0.0.1"));
    output = output(false);
  }

  private HttpOutput output(boolean everTaken) {
    URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/in?table=events");
    Target.Collector collector = new Target.Collector(url, Map.of("x-key", "k"));
    return new HttpOutput(vertx, collector, everTaken, notes::add);
  }

  private int status(String body) {
    return body.length() > mostBytes ? 413 : body.equals(busyFor) ? 503 : status;
  }

  @AfterEach
  void stop() {
    Await.result(vertx.close());
  }

  private static Batch batch(String... lines) {
    return Batch.of((String.join("\n", lines) + "\n").getBytes(UTF_8), lines.length);
  }

  private int write(String... lines) {
    return Await.result(output.write(batch(lines)));
  }

  private OutputException refused(String... lines) {
    return refused(batch(lines));
  }

  private OutputException refused(Batch batch) {
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> Await.result(output.write(batch)));
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
    assertEquals(1, write("1"));
    status = 400;
    assertEquals(0, write("2", "3"));
    assertEquals(2, output.refused());
    assertEquals(1, notes.size());
  }

  @Test
  void aBadBatchDoesNotEndWhatWorkedInAnEarlierRun() {
    output = output(true);
    status = 400;
    assertEquals(0, write("1"));
    assertEquals(1, output.refused());
  }

  @Test
  void whatIsDoneOfABatchIsNotDoneAgain() {
    write("0");
    mostBytes = 2;
    busyFor = "2\n";
    Batch batch = batch("1", "long", "2");
    assertFalse(refused(batch).isFatal());
    assertFalse(refused(batch).isFatal());
    busyFor = "nobody";
    assertEquals(2, Await.result(output.write(batch)));
    assertEquals(1, output.refused());
    assertEquals(1, bodies.stream().filter(it -> it.endsWith("k\n1\n")).count());
    assertEquals(3, bodies.stream().filter(it -> it.endsWith("k\n2\n")).count());
    assertEquals(1, write("3"));
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
