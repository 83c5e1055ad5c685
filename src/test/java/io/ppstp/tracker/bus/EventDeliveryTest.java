package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is brought which events: two nodes, on one event bus. */
class EventDeliveryTest {
  private static final EventInterest ALL = EventInterest.ALL;
  private static final EventInterest NEWS =
      new EventInterest(Set.of(), new Permissions(List.of("news-*")), 1);
  private static final int MOST = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong();
  private final Node one = new Node("000000000001");
  private final Node other = new Node("000000000002");

  /** A node, and all that was brought to it. */
  private final class Node implements EventDelivery.Stream {
    final Context context = vertx.getOrCreateContext();
    final EventNumbers numbers;
    final EventDelivery delivery;
    final List<String> own = new CopyOnWriteArrayList<>();
    final List<String> foreign = new CopyOnWriteArrayList<>();
    final AtomicLong dropped = new AtomicLong();

    Node(String name) {
      numbers = new EventNumbers(Long.parseLong(name, 16), PeerNames.CLEAR);
      delivery = new EventDelivery(name, MOST, now::get);
    }

    void open(boolean ofCluster) {
      on(() -> delivery.open(vertx, this, ofCluster, () -> 2));
    }

    void want(List<EventInterest> here, List<EventInterest> all) {
      on(() -> delivery.want(here, all));
    }

    private void on(Supplier<Future<Void>> work) {
      Promise<Void> done = Promise.promise();
      context.runOnContext(run -> work.get().onComplete(done));
      Await.result(done.future());
    }

    void tell(String peer, String swarm) {
      delivery.publish(numbers.number(new TrackerEvent.Joined(1, peer, swarm, PeerMode.SEEDER)));
    }

    @Override
    public void own(List<NumberedEvent> events, long more) {
      events.forEach(event -> own.add(event.peerName()));
      dropped.addAndGet(more);
    }

    @Override
    public void foreign(List<byte[]> events, long more) {
      events.forEach(
          event -> foreign.add(new JsonObject(new String(event, UTF_8)).getString("peer_id")));
      dropped.addAndGet(more);
    }
  }

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  private static void awaitHeard(List<String> heard, String... peers) {
    Await.until(() -> "heard: " + heard, () -> heard.size() >= peers.length);
    assertEquals(List.of(peers), heard);
  }

  @Test
  void aNodeIsBroughtWhatItWantsOfAll() {
    one.open(true);
    other.open(true);
    one.want(List.of(), List.of(NEWS));

    one.tell("a", "news-1");
    one.tell("b", "sports-1");
    other.tell("c", "sports-1");
    other.tell("d", "news-2");

    awaitHeard(one.own, "a");
    awaitHeard(one.foreign, "d");
    assertEquals(List.of(), other.own);
    assertEquals(List.of(), other.foreign);
  }

  @Test
  void whatIsWantedOfThisNodeIsNotAskedOfOthers() {
    one.open(true);
    other.open(true);
    one.want(List.of(ALL), List.of(NEWS));

    other.tell("a", "sports-1");
    other.tell("b", "news-1");
    one.tell("c", "sports-1");

    awaitHeard(one.foreign, "b");
    awaitHeard(one.own, "c");
  }

  @Test
  void otherNodesUnderstandWhatIsWanted() {
    for (EventInterest interest :
        List.of(ALL, NEWS, new EventInterest(Set.of("left", "joined"), NEWS.swarms(), 0.25))) {
      assertEquals(
          Optional.of(interest), EventInterest.of(new JsonObject(interest.toJson().encode())));
    }
  }

  /** As many readers as a node may have can ask for different things. */
  @Test
  void whoWantsManyThingsIsBroughtEachOfThem() {
    one.open(true);
    other.open(true);
    one.want(
        List.of(),
        IntStream.range(0, 1000)
            .mapToObj(i -> new EventInterest(Set.of(), new Permissions(List.of("s" + i)), 1))
            .toList());

    other.tell("a", "s7");
    other.tell("b", "s999");

    Await.until(() -> "heard: " + one.foreign, () -> one.foreign.containsAll(List.of("a", "b")));
  }

  @Test
  void whatIsWantedNoMoreIsNotBrought() {
    one.open(true);
    other.open(true);
    one.want(List.of(), List.of(ALL));
    other.tell("a", "s");
    awaitHeard(one.foreign, "a");
    one.want(List.of(), List.of(NEWS));

    other.tell("b", "s");
    other.tell("c", "news-1");

    awaitHeard(one.foreign, "a", "c");
  }

  /** By a greeting, not only when it is said again. */
  @Test
  void aNodeThatComesUpLearnsWhatTheOthersWant() {
    one.open(true);
    one.want(List.of(), List.of(ALL));
    other.open(true);

    Await.until(
        () -> "heard: " + one.foreign,
        () -> {
          other.tell("a", "s");
          return one.foreign.contains("a");
        });
  }

  @Test
  void whoDoesNotSayItAgainIsForgotten() {
    one.open(true);
    vertx
        .eventBus()
        .publish(
            Addresses.STREAMS,
            new JsonObject()
                .put("node", "000000000003")
                .put("number", 1)
                .put(
                    "question",
                    new JsonObject()
                        .put("node", "000000000003")
                        .put("interests", new JsonArray().add(ALL.toJson()))));
    List<String> heard = new CopyOnWriteArrayList<>();
    Await.result(
        vertx
            .eventBus()
            .consumer(
                Addresses.stream("000000000003"),
                message -> heard.add(String.valueOf(message.body())))
            .completion());
    Await.until(
        () -> "heard: " + heard.size(),
        () -> {
          one.tell("a", "s");
          return !heard.isEmpty();
        });
    now.addAndGet((EventDelivery.LEASE_MS + 1) * 1_000_000);
    one.want(List.of(ALL), List.of());

    one.tell("late", "s");
    Await.until(() -> "heard: " + one.own, () -> one.own.contains("late"));

    assertEquals(List.of(), heard.stream().filter(text -> text.contains("late")).toList());
  }

  /** Nobody waits: what comes faster than it is passed on is counted. */
  @Test
  void whatIsTooMuchIsCounted() {
    one.open(true);
    one.want(List.of(ALL), List.of());
    Promise<Void> told = Promise.promise();
    one.context.runOnContext(
        run -> {
          IntStream.range(0, MOST + 7).forEach(i -> one.tell("p" + i, "s"));
          told.complete();
        });
    Await.result(told.future());

    Await.until(() -> "heard: " + one.own.size(), () -> one.own.size() >= MOST);

    assertEquals(MOST, one.own.size());
    Await.until(() -> "dropped: " + one.dropped, () -> one.dropped.get() == 7);
  }

  @Test
  void nodesThatKeepEventsToThemselvesHearNothingOfOthers() {
    one.open(false);
    other.open(true);
    other.want(List.of(), List.of(ALL));
    one.want(List.of(ALL), List.of());

    one.tell("a", "s");
    other.tell("b", "s");

    awaitHeard(one.own, "a");
    awaitHeard(other.own, "b");
    assertEquals(List.of(), one.foreign);
    assertEquals(List.of(), other.foreign);
  }

  /** Whoever is a member can send anything. */
  @Test
  void nonsenseDoesNoHarm() {
    one.open(true);
    other.open(true);
    for (Object body :
        List.of(
            "text",
            7,
            new JsonObject(),
            new JsonObject()
                .put("node", "0a")
                .put("number", 1)
                .put("question", new JsonObject().put("node", 7)),
            new JsonObject()
                .put("node", "0a")
                .put("number", 1)
                .put(
                    "question",
                    new JsonObject().put("node", "0a").put("interests", new JsonArray().add(7))))) {
      vertx.eventBus().publish(Addresses.STREAMS, body);
      vertx.eventBus().send(Addresses.stream("000000000001"), body);
      vertx.eventBus().publish(Addresses.GREETINGS, body);
    }
    vertx.eventBus().send(Addresses.stream("000000000001"), Buffer.buffer("no line"));
    one.want(List.of(), List.of(ALL));

    other.tell("a", "s");

    awaitHeard(one.foreign, "a");
    assertTrue(one.own.isEmpty());
  }
}
