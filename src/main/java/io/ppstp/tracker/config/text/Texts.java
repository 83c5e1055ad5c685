package io.ppstp.tracker.config.text;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** How faults show text that somebody wrote, and which known name they may have meant. */
public final class Texts {
  private static final int SHOWN_LENGTH = 100;

  private Texts() {}

  /** Returns {@code text} fit for one line of a message: no control characters, not too long. */
  public static String shown(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    return line.length() <= SHOWN_LENGTH ? line : line.substring(0, SHOWN_LENGTH) + "...";
  }

  /** Returns {@code text} as {@link #shown} does, in quotes. */
  public static String quoted(String text) {
    return "'" + shown(text) + "'";
  }

  /** Returns the name nearest to {@code written}, if one is near enough to be what was meant. */
  public static Optional<String> nearest(String written, Stream<String> names) {
    if (written.length() > SHOWN_LENGTH) {
      return Optional.empty();
    }
    int farthest = Math.max(2, written.length() / 5);
    return names
        .filter(name -> distance(written, name) <= farthest)
        .min(Comparator.comparingInt(name -> distance(written, name)));
  }

  /** Returns the edit distance: how many characters to insert, drop or replace. */
  public static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
