package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.Swarm;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers how many peers or members an entry holds. */
final class CountProcessor
    implements EntryProcessor<Object, Object, Integer>, IdentifiedDataSerializable, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public Integer process(Map.Entry<Object, Object> entry) {
    Object value = entry.getValue();
    if (value instanceof SwarmValue swarm) {
      return swarm.apply(Swarm::size);
    }
    return value instanceof ShardValue shard ? shard.apply(PeerShard::size) : 0;
  }

  @Override
  public @Nullable EntryProcessor<Object, Object, Integer> getBackupProcessor() {
    return null;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.COUNT_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
