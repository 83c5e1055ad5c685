package io.ppstp.tracker.tap.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What a receiver of syslog messages is told of an event. */
class SyslogMessagesTest {
  private final SyslogMessages messages = new SyslogMessages("host-1", 2048);

  private static String of(SyslogMessages messages, String line) {
    byte[] bytes = (" " + line + "\n").getBytes(UTF_8);
    return new String(messages.of(bytes, 1, bytes.length - 2), UTF_8);
  }

  private static JsonObject event(String kind) {
    return JsonObject.of(
        "v", 1, "node", "00ff", "seq", 7, "event", kind, "at", "2026-11-28T01:02:03.004Z");
  }

  @Test
  void allMembersAreParameters() {
    assertEquals(
        "<134>1 2026-11-28T01:02:03.004Z host-1 ppstp-tracker 00ff joined [event@32473 node=\"00ff\""
            + " seq=\"7\" event=\"joined\" at=\"2026-11-28T01:02:03.004Z\" peer_id=\"viewer\""
            + " swarm_id=\"s\" registered=\"true\"] joined",
        of(
            messages,
            event("joined")
                .put("peer_id", "viewer")
                .put("swarm_id", "s")
                .put("registered", true)
                .encode()));
  }

  @Test
  void membersOfListsFollowEachOther() {
    String line =
        event("expired")
            .put("swarm_ids", java.util.List.of("a", "b"))
            .put("reason", "silent")
            .encode()
            .replace(
                "}",
                ",\"memberships\":[{\"swarm_id\":\"a\",\"watched_ms\":1},{\"swarm_id\":\"b\",\"watched_ms\":2}]}");
    String message = of(messages, line);
    assertTrue(
        message.endsWith(
            " reason=\"silent\" swarm_id=\"a\" watched_ms=\"1\" swarm_id=\"b\" watched_ms=\"2\"]"
                + " expired: silent"),
        message);
  }

  @Test
  void theSeverityIsThatOfTheKind() {
    assertTrue(of(messages, event("reported").encode()).startsWith("<135>1 "));
    assertTrue(of(messages, event("configured").encode()).startsWith("<133>1 "));
    String refused = of(messages, event("refused").put("cause", "foreign").encode());
    assertTrue(refused.startsWith("<132>1 ") && refused.endsWith("] refused: foreign"), refused);
  }

  @Test
  void whatStrangersChoseStaysInItsValue() {
    String hostile = "a\"b\\c]d\n<13>1 - - - - - forged\u0000\u0085\u2028é";
    String message = of(messages, event("joined").put("swarm_id", hostile).encode());
    assertTrue(
        message.contains(
            " swarm_id=\"a\\\"b\\\\c\\]d\ufffd<13>1 - - - - - forged\ufffd\ufffd\ufffdé\"] joined"),
        message);
  }

  @Test
  void whatCannotBeAFieldIsNone() {
    JsonObject event = event("x y").put("at", "soon").put("node", "a b").put("p q", "r");
    String message = of(new SyslogMessages("my host", 2048), event.encode());
    assertEquals(
        "<134>1 - - ppstp-tracker - - [event@32473 node=\"a b\" seq=\"7\" event=\"x y\" at=\"soon\"] -",
        message);
  }

  @Test
  void whatIsTooLongIsLeftOutAndTheRestIsThere() {
    String message =
        of(messages, event("joined").put("swarm_id", "é".repeat(1000)).put("mode", "X").encode());
    assertTrue(message.endsWith(" mode=\"X\" truncated=\"true\"] joined"), message);
    for (int length = 800; length < 1000; length++) {
      String text = of(messages, event("joined").put("swarm_id", "é".repeat(length)).encode());
      assertTrue(text.getBytes(UTF_8).length <= 2048, text);
    }
  }
}
