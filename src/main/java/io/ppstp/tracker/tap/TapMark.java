package io.ppstp.tracker.tap;

import java.util.Map;
import java.util.Optional;

/**
 * How far a tap is; immutable.
 *
 * @param lastIds by the URL of each node the last event that it told
 * @param seen what has come of each process, by its name, the one last heard of at the end
 */
record TapMark(Map<String, EventId> lastIds, Map<String, SeqWindow.Mark> seen) {

  /** The name of an event. */
  record EventId(String process, long seq) {
    /** Returns what {@code text} names, empty if that is no event. */
    static Optional<EventId> of(String text) {
      int dash = text.lastIndexOf('-');
      return dash > 0 && text.substring(dash + 1).matches("[0-9]{1,18}")
          ? Optional.of(
              new EventId(text.substring(0, dash), Long.parseLong(text.substring(dash + 1))))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return process + '-' + seq;
    }
  }
}
