package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static Telemetry telemetry(String vertx) throws Exception {
    return Telemetry.of(ConfigLoader.load(null, Map.of(), List.of("metrics.vertx=" + vertx)));
  }

  /** Has a server asked with a method and a path that a stranger makes up. */
  private static void serve(Vertx vertx, String method, String path) throws Exception {
    HttpServer server =
        Await.result(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
    HttpClient client = vertx.createHttpClient();
    Await.result(
        client
            .request(HttpMethod.valueOf(method), server.actualPort(), "127.0.0.1", path)
            .compose(request -> request.send())
            .compose(response -> response.end()));
    Await.result(client.close());
    Await.result(server.close());
  }

  @Test
  void noStrangerMakesSeries() throws Exception {
    Telemetry telemetry = telemetry("pools,http-client,http-server,net,event-bus");
    Vertx vertx = telemetry.builder(new VertxOptions()).build();
    try {
      serve(vertx, "GET", "/a");
      Await.until(
          "the first is counted",
          Duration.ofSeconds(20),
          () -> series(telemetry).toString().contains("vertx_http_server_response_bytes_max{"));
      Set<String> before = series(telemetry);
      serve(vertx, "EVIL", "/b?token=secret");
      Set<String> added = series(telemetry);
      added.removeAll(before);
      assertEquals(Set.of(), added);
      assertFalse(telemetry.registry().scrape().contains("EVIL"));
    } finally {
      Await.result(vertx.close());
    }
  }

  /** Pools of connections to servers apart: those are the operator's. */
  private static Set<String> series(Telemetry telemetry) {
    return telemetry
        .registry()
        .scrape()
        .lines()
        .filter(line -> line.startsWith("vertx_") || line.startsWith("ppstp_"))
        .filter(line -> !line.contains("pool_type=\"http\""))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatCostsEachRequestIsNotCountedUnlessAskedFor() throws Exception {
    Telemetry telemetry = telemetry("pools,http-client");
    Vertx vertx = telemetry.builder(new VertxOptions()).build();
    try {
      serve(vertx, "GET", "/");
      String told = telemetry.registry().scrape();
      for (String there :
          List.of(
              "jvm_memory_used_bytes{",
              "jvm_gc_",
              "jvm_threads_live_threads ",
              "process_cpu_usage ",
              "process_files_open_files ",
              "process_uptime_seconds ",
              "netty_eventexecutor_tasks_pending{",
              "vertx_pool_queue_pending{",
              "vertx_http_client_",
              "ppstp_build_info{")) {
        assertTrue(told.contains("\n" + there), there);
      }
      for (String absent : List.of("vertx_http_server", "vertx_net_", "vertx_eventbus")) {
        assertFalse(told.contains("\n" + absent), absent);
      }
    } finally {
      Await.result(vertx.close());
    }
  }
}
