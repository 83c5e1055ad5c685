package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final int LONGEST = 40;

  private static final class Heard implements LineSplitter.Lines {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void line(byte[] bytes, int from, int length) {
      lines.add(new String(bytes, from, length, US_ASCII));
    }

    @Override
    public void tooLong() {
      lines.add("too long");
    }
  }

  @Test
  void linesAreTheSameHoweverTheyAreCut() {
    SplittableRandom random = new SplittableRandom(Seeds.seed());
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int length = random.nextInt(LONGEST + 10);
        String line = "x".repeat(length);
        text.append(line).append('\n');
        if (length > 0) {
          expected.add(length > LONGEST ? "too long" : line);
        }
      }
      text.append("begun");
      Heard heard = new Heard();
      LineSplitter splitter = new LineSplitter(LONGEST, heard);
      byte[] bytes = text.toString().getBytes(US_ASCII);
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(60));
        splitter.take(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      assertEquals(expected, heard.lines);
      splitter.reset();
      splitter.take("whole\n".getBytes(US_ASCII));
      assertEquals("whole", heard.lines.get(heard.lines.size() - 1));
    }
  }
}
