package io.ppstp.tracker.config.text;

import java.time.Duration;

/** Writes durations as the settings spell them. Stateless. */
public final class Durations {
  private Durations() {}

  /** Returns {@code duration} in the largest unit that it is a whole number of, such as 30s. */
  public static String text(Duration duration) {
    long ms = duration.toMillis();
    if (ms % 1000 != 0) {
      return ms + "ms";
    }
    long seconds = ms / 1000;
    if (seconds % 60 != 0 || seconds == 0) {
      return seconds + "s";
    }
    return seconds % 3600 != 0 ? seconds / 60 + "m" : seconds / 3600 + "h";
  }
}
