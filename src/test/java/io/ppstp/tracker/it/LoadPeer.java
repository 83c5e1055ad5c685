package io.ppstp.tracker.it;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One peer of {@link ClusterLoad} and all that was acknowledged to it. Confined to its worker, or
 * to whoever has paused that.
 */
final class LoadPeer {
  private static final int STORY = 12;

  final String id;

  /** Its swarms, and as what it joined them. */
  final Map<String, String> joined = new TreeMap<>();

  /** The swarm it left last. */
  @Nullable String lastLeft;

  /** A node that does not answer may yet carry a request out: the peer does no other meanwhile. */
  boolean waits;

  private final Deque<String> story = new ArrayDeque<>();

  LoadPeer(String id) {
    this.id = id;
  }

  /** Notes what happened, for whoever has to explain a contradiction. */
  void tell(String what) {
    if (story.size() == STORY) {
      story.removeFirst();
    }
    story.add(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
  }

  String story() {
    return "\n  " + String.join("\n  ", story);
  }
}
