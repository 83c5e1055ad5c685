package io.ppstp.tracker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws contests as bars of processor time per request, with CSS for light and dark. Stateless. */
final class Chart {
  private static final int WIDTH = 720;
  private static final int LEFT = 130;
  private static final int BAR = 22;
  private static final int STEP = 30;

  private Chart() {}

  /** Writes one group of bars per entry of {@code groups}. */
  static void write(Path file, Map<String, Map<String, Contest>> groups) throws IOException {
    double most = 0;
    for (Map<String, Contest> group : groups.values()) {
      for (Contest contest : group.values()) {
        most = Math.max(most, contest.cpuMicros());
      }
    }
    StringBuilder bars = new StringBuilder();
    int y = 10;
    for (Map.Entry<String, Map<String, Contest>> group : groups.entrySet()) {
      y += 20;
      bars.append(text("group", 10, y, group.getKey()));
      y += 12;
      Contest first = group.getValue().values().iterator().next();
      for (Contest contest : group.getValue().values()) {
        bars.append(bar(contest, first, y, most));
        y += STEP;
      }
      y += 10;
    }
    Files.writeString(
        file,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d">
        <title>Server CPU per request</title>
        <style>
        rect.page { fill: #fff } rect.bar { fill: #2b6cb0 } rect.limit { fill: #8a94a6 }
        text { font: 13px sans-serif; fill: #1a202c } text.group { font-weight: bold }
        @media (prefers-color-scheme: dark) { rect.page { fill: #16181d } text { fill: #e2e8f0 } }
        </style>
        <rect class="page" width="%1$d" height="%2$d"/>
        %3$s</svg>
        """
            .formatted(WIDTH, y, bars));
  }

  private static String bar(Contest contest, Contest first, int y, double most) {
    double length = Math.max(2, contest.cpuMicros() / most * (WIDTH - LEFT - 150));
    String label =
        String.format(
            Locale.ROOT,
            "%.1f µs, %.2f x",
            contest.cpuMicros(),
            contest.cpuAgainst(first));
    return text("", 10, y + 16, contest.name())
        + String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
            contest == first ? "limit" : "bar",
            LEFT,
            y,
            length,
            BAR)
        + text("", LEFT + (int) length + 8, y + 16, label);
  }

  private static String text(String style, int x, int y, String text) {
    return "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(style, x, y, text);
  }
}
