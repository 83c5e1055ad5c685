package io.ppstp.tracker.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.OtlpReceiver;
import io.ppstp.tracker.testing.OtlpReceiver.OtlpSpan;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** What becomes of requests that come to a server that is traced. */
class TracingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String NOT_SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

  private OtlpReceiver receiver;

  /** As in the tracker: what the exporter says goes nowhere. */
  @BeforeAll
  static void takeOthersLogs() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  @BeforeEach
  void open() throws Exception {
    receiver = OtlpReceiver.open();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  /** Has a server asked once for each trace context, empty for none, and ends the traces. */
  private void serve(TraceRules rules, TracingPolicy policy, String... contexts) throws Exception {
    Tracing tracing = new Tracing(rules, "1", "here");
    Vertx vertx = Vertx.builder().withTracer(tracing.factory()).build();
    try {
      HttpServer server =
          Await.result(
              vertx
                  .createHttpServer(new HttpServerOptions().setTracingPolicy(policy))
                  .requestHandler(
                      request ->
                          vertx
                              .timer(
                                  request.path().equals("/slow") ? 200 : 1, TimeUnit.MILLISECONDS)
                              .onSuccess(due -> request.response().end()))
                  .listen(0, "127.0.0.1"));
      HttpClient client = vertx.createHttpClient();
      for (String context : contexts) {
        String path = context.startsWith("/") ? context : "/a?token=secret";
        Await.result(
            client
                .request(HttpMethod.valueOf("EVIL"), server.actualPort(), "127.0.0.1", path)
                .compose(
                    request -> {
                      if (!context.isEmpty() && !context.startsWith("/")) {
                        request.putHeader("Traceparent", context);
                      }
                      return request.send();
                    })
                .compose(response -> response.end()));
      }
    } finally {
      Await.result(vertx.close());
      tracing.close();
    }
  }

  private TraceRules rules(int oneIn, boolean accept, Duration slowerThan) {
    return new TraceRules(receiver.url(), oneIn, accept, slowerThan);
  }

  @Test
  void aRequestHasASpanWithNothingThatItsClientWrote() throws Exception {
    serve(rules(1, false, Duration.ZERO), TracingPolicy.ALWAYS, "", SAMPLED);
    assertEquals(2, receiver.spans().size(), () -> receiver.spans().toString());
    for (OtlpSpan span : receiver.spans()) {
      assertEquals("", span.parent(), "nobody decides but we");
      assertFalse(span.trace().equals(TRACE));
      assertEquals("HTTP", span.name());
      assertEquals("200", span.tags().get("http.response.status_code"));
      assertEquals("HTTP", span.tags().get("http.request.method"));
      assertEquals(2, span.tags().size(), () -> span.toString());
    }
  }

  @Test
  void whoSendsAContextDecidesWhereThatIsAccepted() throws Exception {
    serve(
        rules(1_000_000, true, Duration.ZERO),
        TracingPolicy.ALWAYS,
        SAMPLED,
        NOT_SAMPLED,
        "nonsense",
        "00-" + TRACE + "-00f067aa0ba902b7-0");
    assertEquals(1, receiver.spans().size(), () -> receiver.spans().toString());
    assertEquals(TRACE, receiver.spans().get(0).trace());
    assertEquals("00f067aa0ba902b7", receiver.spans().get(0).parent());
  }

  @Test
  void serversThatDoNotAskForTracesHaveNone() throws Exception {
    serve(rules(1, true, Duration.ZERO), TracingPolicy.PROPAGATE, "", SAMPLED);
    assertEquals(List.of(), receiver.spans());
  }

  @Test
  void whatWasFastIsNotToldOf() throws Exception {
    serve(rules(1, false, Duration.ofMillis(150)), TracingPolicy.ALWAYS, "/slow", "/fast", "/slow");
    assertEquals(2, receiver.spans().size(), () -> receiver.spans().toString());
  }

  @Test
  void anEndpointThatIsAwayIsOneLine() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(SpanSink.class);
    log.addAppender(lines);
    log.setAdditive(false);
    URI away = receiver.url();
    receiver.close();
    try {
      serve(new TraceRules(away, 1, false, Duration.ZERO), TracingPolicy.ALWAYS, "", "", "");
      Await.until("a line", PATIENCE, () -> !lines.list.isEmpty());
      assertEquals(1, lines.list.size());
      String said = lines.list.get(0).getFormattedMessage();
      assertTrue(said.startsWith("traces are lost, "), said);
      assertTrue(
          said.contains("tracing.endpoint " + away + " does not take them (ConnectException)"),
          said);
    } finally {
      log.detachAppender(lines);
      log.setAdditive(true);
    }
  }
}
