package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.PeerShard;
import java.io.IOException;

/** A peer shard as a map's value; confined to its partition's thread. */
final class ShardValue implements IdentifiedDataSerializable {
  private PeerShard shard;

  /** For an absent entry, and for reading. */
  ShardValue() {
    this(new PeerShard());
  }

  ShardValue(PeerShard shard) {
    this.shard = shard;
  }

  PeerShard shard() {
    return shard;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.SHARD_VALUE;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    StateFormat.shard(out, shard);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    shard = StateFormat.shard(in);
  }
}
