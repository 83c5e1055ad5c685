package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import io.ppstp.tracker.tracker.PeerBudget;
import io.ppstp.tracker.tracker.PeerCommand;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a command again on a backup. Commands carry their time and their seed, so that a backup
 * comes to the same state as the owner; the budget was the owner's affair.
 */
final class PeerBackup extends CommandProcessor<PeerCommand<?>, Integer, ShardValue>
    implements HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private static final PeerBudget UNCOUNTED =
      new PeerBudget() {
        @Override
        public boolean tryReserve() {
          return true;
        }

        @Override
        public void release() {}
      };

  private transient @Nullable NodeState node;

  /** For reading. */
  PeerBackup() {
    super(PeerCommandFormats.ALL, StateFactory.PEER_BACKUP, null);
  }

  PeerBackup(PeerCommand<?> command) {
    super(PeerCommandFormats.ALL, StateFactory.PEER_BACKUP, command);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  @Override
  public byte @Nullable [] process(Map.Entry<Integer, ShardValue> entry) {
    ShardValue present = entry.getValue();
    ShardValue value = present == null ? new ShardValue() : present;
    NodeState here = Objects.requireNonNull(node);
    value.close();
    value.apply(
        shard -> {
          command().apply(shard, UNCOUNTED);
          here.shardChanged(entry.getKey(), shard);
          return shard;
        });
    entry.setValue(value);
    return null;
  }
}
