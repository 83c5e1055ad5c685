package io.ppstp.tracker.management;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.bus.EventDelivery;
import io.ppstp.tracker.config.EventsConfig;
import io.ppstp.tracker.config.EventsConfig.Identities;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node asks the others for on behalf of its readers: here one that never answers. */
class EventFeedTest {
  private static final String NODE = "000000000001";
  private static final EventsConfig CONFIG =
      new EventsConfig(Identities.CLEAR, false, true, Duration.ZERO, 4, 1000);

  private final Vertx vertx = Vertx.vertx();
  private final List<Integer> wanted = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  private HttpServer serve() {
    Await.result(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                "ppstp.streams",
                asked ->
                    wanted.add(
                        asked.body().getJsonObject("question").getJsonArray("interests").size()))
            .completion());
    Promise<HttpServer> server = Promise.promise();
    vertx.runOnContext(
        now ->
            EventFeed.open(vertx, CONFIG, new EventDelivery(NODE, 1000), NODE, () -> 2)
                .compose(
                    feed -> {
                      Router router = Router.router(vertx);
                      router.get("/").handler(feed::answer);
                      return vertx.createHttpServer().requestHandler(router).listen(0);
                    })
                .onComplete(server));
    return Await.result(server.future());
  }

  @Test
  void nothingIsWantedForWhoGoesBeforeTheAnswerBegins() throws Exception {
    HttpServer server = serve();
    try (Socket reader = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      reader
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(US_ASCII));
      Await.until(() -> "asked for: " + wanted, () -> wanted.contains(1));
    }
    Await.until(
        () -> "asked for: " + wanted,
        () -> !wanted.isEmpty() && wanted.get(wanted.size() - 1) == 0);
  }
}
