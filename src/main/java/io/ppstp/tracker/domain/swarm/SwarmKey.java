package io.ppstp.tracker.domain.swarm;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Names one swarm's state object. A type of its own because large swarms may one day be sliced. */
public record SwarmKey(String swarmId) {
  private static final int CHARACTERS_PER_WEIGHT = 256;

  /**
   * Returns how many memberships one in this swarm counts as, for whoever bounds them: a swarm with
   * a long ID takes as much memory as several.
   */
  public int weight() {
    return 1 + swarmId.length() / CHARACTERS_PER_WEIGHT;
  }

  /** Returns how many memberships those in {@code swarms} count as. */
  public static int weightOf(Set<SwarmKey> swarms) {
    int weight = 0;
    for (SwarmKey swarm : swarms) {
      weight += swarm.weight();
    }
    return weight;
  }

  /**
   * Lets registrations of one swarm share one key, whose ID may be long. A saving and not a
   * promise: two swarms whose place is the same take it from each other. Thread-safe; holds no key
   * that nobody else does.
   */
  public static final class SwarmKeys {
    private static final int PLACE_BITS = 16;
    private static final AtomicReferenceArray<@Nullable WeakReference<SwarmKey>> SHARED =
        new AtomicReferenceArray<>(1 << PLACE_BITS);

    private SwarmKeys() {}

    /**
     * Returns a key that equals {@code key}: one that is in use already, if there is one at hand.
     */
    public static SwarmKey shared(SwarmKey key) {
      int place = (key.hashCode() * 0x9e3779b9) >>> (Integer.SIZE - PLACE_BITS);
      WeakReference<SwarmKey> reference = SHARED.get(place);
      SwarmKey present = reference == null ? null : reference.get();
      if (present != null && present.equals(key)) {
        return present;
      }
      SHARED.set(place, new WeakReference<>(key));
      return key;
    }
  }
}
