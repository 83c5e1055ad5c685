package io.ppstp.tracker.chaos;

import java.util.List;

/**
 * What a run came to; immutable.
 *
 * @param summary one line
 * @param details what is wrong, with the last requests of the peers concerned
 */
public record ChaosReport(boolean isClean, String summary, List<String> details) {
  /** Returns all of it as text. */
  public String text() {
    return beginning(details.size());
  }

  /** Returns the summary and the first details as text. */
  public String beginning(int most) {
    return summary + "\n" + String.join("\n", details.subList(0, Math.min(most, details.size())));
  }
}
