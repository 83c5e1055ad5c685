package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.tap.Output.FilePosition;
import io.ppstp.tracker.tap.TapMark.EventId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir private Path folder = Path.of("set by JUnit");

  private static TapState state(long seq) {
    SeqWindow.Mark mark = new SeqWindow.Mark(seq, List.of(new long[] {3, 4}, new long[] {7, 7}));
    return new TapState(
        "scope=node",
        new TapMark(Map.of("http://127.0.0.1:1", new EventId("0a", seq)), Map.of("0a", mark)),
        Optional.of(new FilePosition("events-1", 12)));
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Path file = folder.resolve("state");
    try (StateFile state = new StateFile(file, true)) {
      assertEquals(Optional.empty(), state.read());
      state.write(state(9));
      state.write(state(12));
    }
    try (StateFile state = new StateFile(file, false)) {
      TapState read = state.read().orElseThrow();
      assertEquals("scope=node", read.filter());
      assertEquals(new EventId("0a", 12), read.mark().lastIds().get("http://127.0.0.1:1"));
      assertEquals(Optional.of(new FilePosition("events-1", 12)), read.position());
      SeqWindow.Mark mark = read.mark().seen().get("0a");
      assertNotNull(mark);
      assertEquals(12, mark.highest());
      assertArrayEquals(new long[] {3, 4}, mark.unseen().get(0));
      assertArrayEquals(new long[] {7, 7}, mark.unseen().get(1));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count(), "the state and its lock");
    }
  }

  @Test
  void whatCannotBeUnderstoodIsLeftToTheUser() throws Exception {
    for (String text : List.of("", "{", "[]", "{\"v\":2}", "{\"v\":1,\"seen\":[7]}")) {
      Path file = Files.writeString(folder.resolve("state"), text);
      try (StateFile state = new StateFile(file, true)) {
        TapException refused = assertThrows(TapException.class, state::read, text);
        assertTrue(String.valueOf(refused.getMessage()).contains("begins anew"), text);
      }
      assertEquals(text, Files.readString(file));
    }
  }

  @Test
  void twoTapsDoNotShareAState() throws Exception {
    Path file = folder.resolve("state");
    try (StateFile first = new StateFile(file, true)) {
      assertEquals(Optional.empty(), first.read());
      assertThrows(TapException.class, () -> new StateFile(file, true));
    }
  }
}
