package io.ppstp.tracker.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.management.EventQuery.BadQueryException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers of events can ask for, and what they get for it. */
class EventQueryTest {
  private static final String HERE = "00000000000a";
  private static final String ELSEWHERE = "00000000000b";

  private static EventQuery query(String text) throws BadQueryException {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    Stream.of(text.split("&"))
        .filter(part -> !part.isEmpty())
        .forEach(part -> parameters.add(part.split("=", 2)[0], part.split("=", 2)[1]));
    return EventQuery.of(parameters);
  }

  private static FeedEvent event(String node, String kind, String peer, Object swarms) {
    JsonObject json =
        new JsonObject().put("node", node).put("seq", 1).put("event", kind).put("peer_id", peer);
    FeedEvent event =
        FeedEvent.of(
            json.put(swarms instanceof JsonArray ? "swarm_ids" : "swarm_id", swarms)
                .toBuffer()
                .getBytes());
    assertNotNull(event);
    return event;
  }

  @ParameterizedTest
  @CsvSource({
    "'',true",
    "kind=joined,true",
    "'kind=left,joined',true",
    "kind=left&kind=joined,true",
    "kind=left,false",
    "swarm=sports-1,true",
    "swarm=sports-*,true",
    "'swarm=news,sports-*',true",
    "swarm=news,false",
    "swarm=sports,false",
    "scope=node,true",
    "scope=cluster,true",
    "kind=joined&swarm=news,false",
    "sample=1,true"
  })
  void takesWhatIsAskedFor(String text, boolean taken) throws Exception {
    assertEquals(taken, query(text).takes(event(HERE, "joined", "p", "sports-1"), HERE));
  }

  @Test
  void anEventOfSeveralSwarmsIsOfEach() throws Exception {
    FeedEvent expired = event(HERE, "expired", "p", new JsonArray().add("a").add("b"));

    assertTrue(query("swarm=b").takes(expired, HERE));
    assertFalse(query("swarm=c").takes(expired, HERE));
  }

  @Test
  void theScopeOfANodeLeavesTheOthersOut() throws Exception {
    FeedEvent there = event(ELSEWHERE, "joined", "p", "a");

    assertTrue(query("").takes(there, HERE));
    assertFalse(query("scope=node").takes(there, HERE));
  }

  /** The whole life of a peer or nothing of it, and as many peers as were asked for. */
  @Test
  void aSampleIsOfPeers() throws Exception {
    EventQuery tenth = query("sample=0.1");
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean joined = tenth.takes(event(HERE, "joined", "viewer-" + i, "a"), HERE);
      assertEquals(joined, tenth.takes(event(ELSEWHERE, "left", "viewer-" + i, "b"), HERE));
      taken += joined ? 1 : 0;
    }
    assertEquals(2_000, taken, 5 * Math.sqrt(20_000 * 0.1 * 0.9), "a tenth of 20,000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind=joind",
        "sample=0",
        "sample=-1",
        "sample=1.5",
        "sample=NaN",
        "sample=much",
        "scope=world",
        "swarms=a"
      })
  void saysWhatHasNoMeaning(String text) {
    String said = assertThrows(BadQueryException.class, () -> query(text)).getMessage();
    System.out.println(text + ": " + said);
  }

  @Test
  void boundsThePatterns() {
    String many = String.join(",", IntStream.range(0, 21).mapToObj(i -> "a" + i).toList());

    assertThrows(BadQueryException.class, () -> query("swarm=" + many));
  }

  static Stream<Object> noEvents() {
    JsonObject good = new JsonObject().put("node", HERE).put("seq", 1).put("event", "joined");
    assertNotNull(FeedEvent.of(good.toBuffer().getBytes()));
    return Stream.of(
        "text",
        7,
        "{",
        new JsonArray().add(good),
        new JsonObject(),
        good.copy().put("node", "a\nid: 7"),
        good.copy().put("node", 7),
        good.copy().put("seq", "one"),
        good.copy().put("event", "joined\n"));
  }

  /** Whoever is on the bus can say anything there. */
  @ParameterizedTest
  @MethodSource("noEvents")
  void passesOverWhatIsNoEvent(Object message) {
    assertNull(FeedEvent.of(message.toString().getBytes(UTF_8)));
  }
}
