package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.SeqWindow.Verdict;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which events have come, by node and number: each passes once, by however many ways it comes, and
 * what does not come is counted. Of the nodes that were heard of last, in at most 8 MiB. Confined
 * to one event loop.
 */
final class SeenEvents {
  /** Each start of a node is another. */
  static final int MOST_NODES = 64;

  private final Map<String, SeqWindow> windows = new LinkedHashMap<>(16, 0.75f, true);
  private long missingOfGone;

  /** Goes on with what an earlier run has seen. */
  void restore(Map<String, SeqWindow.Mark> marks) {
    marks.forEach((node, mark) -> put(node, SeqWindow.after(mark)));
  }

  /** Takes note of an event, and returns what it is. */
  Verdict take(String node, long seq) {
    SeqWindow window = windows.get(node);
    if (window == null) {
      // Its earlier events were told before anybody asked.
      window = new SeqWindow(seq);
      put(node, window);
    }
    return window.take(seq);
  }

  /** Expects all events of a node from its first on, if it has not been heard of. */
  void expectFromStart(String node) {
    if (!windows.containsKey(node)) {
      put(node, new SeqWindow(1));
    }
  }

  private void put(String node, SeqWindow window) {
    windows.put(node, window);
    if (windows.size() > MOST_NODES) {
      Iterator<SeqWindow> oldest = windows.values().iterator();
      missingOfGone += oldest.next().missing();
      oldest.remove();
    }
  }

  /** Returns how many events have not come although later ones of their node have. */
  long missing() {
    return missingOfGone + windows.values().stream().mapToLong(SeqWindow::missing).sum();
  }

  /** Returns what {@link #restore} needs to go on, the node last heard of at the end. */
  Map<String, SeqWindow.Mark> marks() {
    Map<String, SeqWindow.Mark> marks = new LinkedHashMap<>();
    windows.forEach((node, window) -> marks.put(node, window.mark()));
    return marks;
  }
}
