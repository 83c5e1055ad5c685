package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static @Nullable EventLine of(String line) {
    byte[] bytes = ("xx" + line + "yy").getBytes(UTF_8);
    return EventLine.of(bytes, 2, bytes.length - 4);
  }

  @Test
  void anEventIsKnownByNodeAndNumberWhereverTheyStand() {
    EventLine event = new EventLine("0a1b", 17, -1);
    assertEquals(
        event, of("{\"v\":1,\"node\":\"0a1b\",\"seq\":17,\"event\":\"left\",\"swarm_id\":\"x\"}"));
    assertEquals(
        event, of("{\"swarm_ids\":[{\"seq\":3}],\"event\":\"left\",\"seq\":17,\"node\":\"0a1b\"}"));
  }

  @Test
  void aLossIsTold() {
    assertEquals(new EventLine("", 0, 12), of("{\"event\":\"lost\",\"count\":12}"));
    assertEquals(new EventLine("", 0, 0), of("{\"event\":\"lost\",\"after\":\"0a1b-3\"}"));
  }

  @Test
  void allElseIsNothing() {
    for (String line :
        new String[] {
          "x",
          "[]",
          "{",
          "{}",
          "null",
          "{\"event\":\"joined\"}",
          "{\"node\":\"a\",\"seq\":1",
          "{\"node\":\"a\\nb\",\"seq\":1,\"event\":\"left\"}",
          "{\"node\":\"a\",\"seq\":-1,\"event\":\"left\"}",
          "{\"node\":\"a\",\"seq\":99999999999999999999,\"event\":\"left\"}",
          "{\"node\":7,\"seq\":1,\"event\":\"left\"}"
        }) {
      assertNull(of(line), line);
    }
  }
}
