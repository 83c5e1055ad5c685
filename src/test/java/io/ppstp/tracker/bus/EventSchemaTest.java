package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the published schema to the events, and events to the schema. */
class EventSchemaTest {
  private static final long AT = 1_795_262_400_007L;
  private static final long NONE = TrackerEvent.UNKNOWN;

  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  private static final List<TrackerEvent> ONE_OF_EACH =
      List.of(
          new TrackerEvent.Registered(AT, "p"),
          new TrackerEvent.Joined(AT, "p", "s", PeerMode.SEEDER),
          new TrackerEvent.Left(AT, "p", "s", true, LeaveReason.LEFT, 7, STATS),
          new TrackerEvent.Switched(AT, "p", "s", "t", PeerMode.LEECH, 7, STATS),
          new TrackerEvent.Expired(
              AT, "p", List.of(new Ended(new SwarmKey("s"), 7)), List.of(STATS)),
          new TrackerEvent.Reported(
              AT, "p", new StreamStats("s", 1, 2, 3, 4), new StreamStats("s", 1, 1, 3, 4)),
          new TrackerEvent.Reported(AT, "wt:p", new StreamStats("wt:s", 1, 2, NONE, NONE), null),
          new TrackerEvent.Accounted(AT, "p", "s", 7, 3, STATS, false),
          new TrackerEvent.Refused(AT, "p", RequestType.FIND, RefusalCause.FOREIGN, "s"),
          new TrackerEvent.Configured(AT, List.of("limits.peers"), List.of("http.port")));

  private final JsonNode document;
  private final JsonSchema schema;

  EventSchemaTest() throws IOException {
    document = Json.parse(Files.readString(Path.of("src", "docs", "events.schema.json")));
    schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(document);
  }

  static Stream<JsonObject> events() {
    return numbered().map(NumberedEvent::toJson);
  }

  private static Stream<NumberedEvent> numbered() {
    EventNumbers clear = new EventNumbers(7, PeerNames.CLEAR);
    EventNumbers nameless = new EventNumbers(7, PeerNames.NONE);
    EventNumbers prefixed = new EventNumbers(7, PeerNames.CLEAR, true, ip -> 64_496);
    Requester alice =
        new Requester(
            IpAddress.ofV4Bits(0xc0000201),
            40_000,
            new AuthState.Authenticated(
                new Identity("alice", "digest", Permissions.ANY, Permissions.ANY)));
    return ONE_OF_EACH.stream()
        .flatMap(
            it -> Stream.of(clear.number(it), nameless.number(it), prefixed.number(it, alice)));
  }

  @ParameterizedTest
  @MethodSource("events")
  void whatIsPublishedFits(JsonObject event) {
    assertEquals(Set.of(), schema.validate(Json.parse(event.encode())));
  }

  /** Streams write a text, the event bus has an object. */
  @Test
  void theTextSaysTheSameInTheSameOrder() {
    numbered()
        .forEach(event -> assertEquals(event.toJson().encode(), new String(event.toText(), UTF_8)));
  }

  /** Left out where events.identities is none, and where nobody knows or there are several. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "peer_id",
          "watched_ms",
          "uploaded_delta",
          "downloaded_delta",
          "identity",
          "ip_prefix",
          "asn");

  /** Of each kind and of each member, whatever is left out or of another type. */
  @ParameterizedTest
  @MethodSource("events")
  void nothingElseDoes(JsonObject event) {
    for (String member : event.fieldNames()) {
      JsonObject wrong = event.copy().put(member, new JsonObject());
      assertFalse(schema.validate(Json.parse(wrong.encode())).isEmpty(), wrong::encode);
      String kind = event.getString("event");
      boolean optional =
          (OPTIONAL.contains(member) && !kind.equals("account"))
              || List.of("peer_id", "identity", "ip_prefix", "asn").contains(member)
              || (member.endsWith("loaded_bytes") && !kind.equals("reported"))
              || (member.equals("swarm_id") && kind.equals("refused"));
      if (!optional) {
        JsonObject less = event.copy();
        less.remove(member);
        assertFalse(schema.validate(Json.parse(less.encode())).isEmpty(), less::encode);
      }
    }
  }

  @Test
  void everyKindAndMemberIsDescribed() {
    Set<String> kinds = new TreeSet<>();
    for (JsonNode kind : document.path("oneOf")) {
      kinds.add(kind.path("$ref").asText().replace("#/$defs/", ""));
    }
    assertEquals(new TreeSet<>(TrackerEvent.KINDS), kinds);
    events()
        .forEach(
            event -> {
              Set<String> described = new TreeSet<>();
              document.path("properties").fieldNames().forEachRemaining(described::add);
              document
                  .path("$defs")
                  .path(event.getString("event"))
                  .path("properties")
                  .fieldNames()
                  .forEachRemaining(described::add);
              assertEquals(
                  Set.of(), minus(event.fieldNames(), described), () -> "members of " + event);
            });
  }

  @Test
  void everyReasonAndCauseIsDescribed() {
    assertEquals(
        Stream.of(LeaveReason.values()).map(LeaveReason::text).toList(), words("left", "reason"));
    assertEquals(
        Stream.of(RefusalCause.values()).map(RefusalCause::text).toList(),
        words("refused", "cause"));
  }

  private List<String> words(String kind, String member) {
    List<String> words = new ArrayList<>();
    document
        .path("$defs")
        .path(kind)
        .path("properties")
        .path(member)
        .path("enum")
        .forEach(it -> words.add(it.asText()));
    return words;
  }

  private static Set<String> minus(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
