package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.PeerBudget;
import io.ppstp.tracker.tracker.PeerCommand;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a command again on a backup. Commands carry their time and their seed, so that a backup
 * comes to the same state as the owner; the budget was the owner's affair.
 */
final class PeerBackup
    implements EntryProcessor<Integer, ShardValue, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
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

  private transient @Nullable PeerCommand<?> command;
  private transient @Nullable NodeState node;

  /** For reading. */
  PeerBackup() {}

  PeerBackup(PeerCommand<?> command) {
    this.command = command;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  @Override
  public byte @Nullable [] process(Map.Entry<Integer, ShardValue> entry) {
    ShardValue present = entry.getValue();
    ShardValue value = present == null ? new ShardValue() : present;
    Objects.requireNonNull(command).apply(value.shard(), UNCOUNTED);
    entry.setValue(value);
    Objects.requireNonNull(node).shardChanged(entry.getKey(), value.shard());
    return null;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.PEER_BACKUP;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    PeerCommandFormats.ALL.writeCommand(out, Objects.requireNonNull(command));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    command = PeerCommandFormats.ALL.readCommand(in);
  }
}
