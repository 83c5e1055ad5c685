package io.ppstp.tracker.domain.swarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps those of many swarms that have most members. Takes O(log n) for a swarm that comes among
 * them and O(1) for all others. Not thread-safe.
 */
public final class LargestSwarms {
  /** The largest first; of the same size, by ID, so that every node has the same order. */
  public static final Comparator<SwarmSize> LARGEST_FIRST =
      Comparator.comparingInt(SwarmSize::peers).reversed().thenComparing(SwarmSize::swarmId);

  private final int most;
  private final PriorityQueue<SwarmSize> smallestFirst =
      new PriorityQueue<>(LARGEST_FIRST.reversed());

  /**
   * How many members a swarm has; immutable.
   *
   * @param leeches members that are not {@code seeders}
   */
  public record SwarmSize(String swarmId, int leeches, int seeders) {
    /** Returns the number of members. */
    public int peers() {
      return leeches + seeders;
    }
  }

  /** Keeps at most {@code most}, which is one at least. */
  public LargestSwarms(int most) {
    this.most = most;
  }

  /** Looks at a swarm, which must not have been looked at before. */
  public void see(Swarm swarm) {
    SwarmSize least = smallestFirst.peek();
    if (smallestFirst.size() < most || least == null || swarm.size() >= least.peers()) {
      see(new SwarmSize(swarm.id(), swarm.size() - swarm.seeders(), swarm.seeders()));
    }
  }

  /** Looks at the size of a swarm, which must not have been looked at before. */
  public void see(SwarmSize size) {
    smallestFirst.add(size);
    if (smallestFirst.size() > most) {
      smallestFirst.remove();
    }
  }

  /** Returns what is kept, the largest first. */
  public List<SwarmSize> sorted() {
    List<SwarmSize> sorted = new ArrayList<>(smallestFirst);
    sorted.sort(LARGEST_FIRST);
    return sorted;
  }
}
