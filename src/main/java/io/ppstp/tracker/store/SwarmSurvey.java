package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.swarm.LargestSwarms;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.Swarm;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the largest swarms of one node by going through its shards, a few at a time, so that no
 * shard is held up for long and no thread either. Thread-safe.
 */
public final class SwarmSurvey {
  private static final int SHARDS_AT_A_TIME = 2;

  private final ShardVisitor shards;
  private LargestSwarms round = new LargestSwarms(SwarmRanking.MOST);
  private int next;
  private volatile List<SwarmSize> latest = List.of();

  /** Shows the swarms of a shard. */
  @FunctionalInterface
  public interface ShardVisitor {
    /** Shows {@code visitor} all swarms of {@code shard}; none if it is another node's to tell. */
    void visit(int shard, Consumer<Swarm> visitor);
  }

  /** Makes one that has found nothing yet. */
  public SwarmSurvey(ShardVisitor shards) {
    this.shards = shards;
  }

  /** Goes on by some shards. */
  public synchronized void step() {
    for (int i = 0; i < SHARDS_AT_A_TIME; i++) {
      shards.visit(next, round::see);
      next = (next + 1) % Shards.SWARMS;
      if (next == 0) {
        latest = List.copyOf(round.sorted());
        round = new LargestSwarms(SwarmRanking.MOST);
      }
    }
  }

  /**
   * Returns the {@code most} largest swarms that the last whole round has found, the largest first.
   */
  public List<SwarmSize> latest(int most) {
    List<SwarmSize> found = latest;
    return found.subList(0, Math.min(most, found.size()));
  }
}
