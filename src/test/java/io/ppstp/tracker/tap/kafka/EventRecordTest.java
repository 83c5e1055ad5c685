package io.ppstp.tracker.tap.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What a record says of an event. */
class EventRecordTest {
  private static EventRecord read(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return EventRecord.read(bytes, 0, bytes.length);
  }

  @Test
  void itsKeyIsTheSwarm() {
    String start = "{\"v\":1,\"node\":\"n\",\"seq\":7,\"event\":\"joined\"";
    assertEquals(new EventRecord("n", 7, "s"), read(start + ",\"swarm_id\":\"s\",\"x\":1}"));
    assertEquals(
        new EventRecord("n", 7, "to"),
        read(start + ",\"from_swarm_id\":\"from\",\"swarm_id\":\"to\"}"));
    assertEquals(
        new EventRecord("n", 7, "a"), read(start + ",\"x\":[{}],\"swarm_ids\":[\"a\",\"b\"]}"));
    assertEquals(new EventRecord("n", 7, null), read(start + ",\"swarm_ids\":[]}"));
    assertEquals(new EventRecord("n", 7, null), read(start + "}"));
    assertEquals(new EventRecord("n", 7, null), read(start + ",\"swarm_ids\":[\"a"));
    assertEquals(new EventRecord(null, 0, null), read("no JSON"));
  }

  @Test
  void itsValueIsTheLineAsItCame() {
    byte[] lines = "x\n{\"node\":\"n\",\"seq\":7,\"swarm_id\":\"\u00e9\"}\n".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> made = EventRecord.of("t", lines, 2, lines.length - 1);
    assertEquals("{\"node\":\"n\",\"seq\":7,\"swarm_id\":\"\u00e9\"}", text(made.value()));
    assertArrayEquals("\u00e9".getBytes(UTF_8), made.key());
    assertEquals("n", text(made.headers().lastHeader("node").value()));
    assertEquals("7", text(made.headers().lastHeader("seq").value()));
    assertNull(made.partition());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
