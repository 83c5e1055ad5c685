package io.ppstp.tracker.tap;

import java.util.ArrayList;
import java.util.List;

/**
 * What has come of a tap so far; immutable.
 *
 * @param written events that the output took
 * @param duplicates events that came once more
 * @param missing events that did not come although later ones of their node did; -1 if not all were
 *     asked for, so that nobody can tell
 * @param wentBy events of all kinds that nodes say went by before they could tell of them
 * @param gaps times that a node could not say how many did
 * @param unreadable lines that were no events, or too long
 * @param refused events that were given up, for the collector refused them
 */
public record TapCounts(
    long written,
    long duplicates,
    long missing,
    long wentBy,
    long gaps,
    long unreadable,
    long refused) {

  static final TapCounts NONE = new TapCounts(0, 0, 0, 0, 0, 0, 0);

  /** Returns a number that changes when something is lost. */
  long losses() {
    return Math.max(0, missing) + wentBy + gaps + unreadable + refused;
  }

  /** Returns this in one line. */
  public String text() {
    List<String> parts = new ArrayList<>();
    parts.add(written + " events written");
    add(parts, duplicates, " came twice and were written once");
    if (missing >= 0) {
      parts.add(missing + " missing");
    } else {
      add(parts, wentBy, " of all kinds went by unseen");
      add(parts, gaps, " times an unknown number went by");
    }
    add(parts, unreadable, " lines unreadable");
    add(parts, refused, " refused and given up");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + what);
    }
  }
}
