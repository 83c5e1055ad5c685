package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Logs;
import io.ppstp.tracker.testing.Rooms;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole requests while listeners misbehave: peers must not feel who listens. */
class ListenersAndRequestsTest {
  private static final int REPORTS = 1_200;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Vert.x writes a line for each event that it drops. */
  private final Logs.Silence silence =
      Logs.silence("io.vertx.core.eventbus.impl.MessageConsumerImpl");

  @AfterEach
  void close() {
    Await.result(vertx.close());
    silence.close();
  }

  private static String message(String type, String members) {
    return ("{'PPSPTrackerProtocol':{'version':1,'request_type':'"
            + type
            + "','transaction_id':'t','peer_id':'p',"
            + members
            + "}}")
        .replace('\'', '"');
  }

  private int post(int port, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .header("Content-Type", "application/ppsp-tracker+json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    return response.statusCode();
  }

  @Test
  void listenersThatSleepOrThrowAreNotFelt() throws Exception {
    int port = Rooms.deploy(vertx);
    vertx.exceptionHandler(failure -> {});
    AtomicInteger thrown = new AtomicInteger();
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    MessageConsumer<JsonObject> paused = vertx.eventBus().consumer(Addresses.EVENTS, message -> {});
    paused.pause();
    Await.result(paused.completion());
    Await.result(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                Addresses.EVENTS,
                message -> {
                  thrown.incrementAndGet();
                  throw new IllegalStateException("a listener's own fault");
                })
            .completion());
    Await.result(
        vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.EVENTS, message -> heard.add(message.body()))
            .completion());

    String join =
        message(
            "CONNECT",
            "'connect':{'swarm_action':[{'swarm_id':'s','action':'JOIN','peer_mode':'LEECH'}]}");
    String report =
        message(
            "STAT_REPORT",
            "'stat_report':{'type':'STREAM_STATS','stat':[{'swarm_id':'s','uploaded_bytes':1,"
                + "'downloaded_bytes':2,'available_bandwidth':3,'concurrent_links':4}]}");
    assertEquals(200, post(port, join));
    for (int i = 0; i < REPORTS; i++) {
      assertEquals(200, post(port, report));
    }

    Await.until(() -> "heard: " + heard.size(), () -> heard.size() >= REPORTS + 2);
    Await.until(() -> "thrown: " + thrown, () -> thrown.get() == REPORTS + 2);
    assertEquals(
        List.of("registered", "joined", "reported"),
        heard.stream().limit(3).map(event -> event.getString("event")).toList());
    assertEquals(REPORTS + 2, heard.size());
    assertEquals("p", heard.get(1).getString("peer_id"));
    assertEquals("LEECH", heard.get(1).getString("peer_mode"));
  }

  @Test
  void aRefusalIsHeardOfAndARepeatIsNot() throws Exception {
    int port = Rooms.deploy(vertx);
    List<String> heard = new CopyOnWriteArrayList<>();
    Await.result(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                Addresses.EVENTS, message -> heard.add(message.body().getString("event")))
            .completion());
    String join =
        message(
            "CONNECT",
            "'connect':{'swarm_action':[{'swarm_id':'s','action':'JOIN','peer_mode':'LEECH'}]}");

    assertEquals(200, post(port, join));
    assertEquals(200, post(port, join));
    assertEquals(403, post(port, message("FIND", "'find':{'swarm_id':'other'}")));
    assertEquals(400, post(port, "not a message"));
    assertEquals(200, post(port, message("STAT_REPORT", "'stat_report':{}")));
    assertEquals(403, post(port, join.replace("\"p\"", "\"q\"").replace("JOIN", "LEAVE")));

    Await.until(() -> "heard: " + heard, () -> heard.size() >= 4);
    assertEquals(List.of("registered", "joined", "refused", "refused"), heard);
  }
}
