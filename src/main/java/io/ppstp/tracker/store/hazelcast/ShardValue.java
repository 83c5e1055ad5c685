package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.ppstp.tracker.domain.PeerShard;
import java.io.IOException;

/** A peer shard as a map's value. */
final class ShardValue extends StateValue<PeerShard> {

  /** For an absent entry, and for reading. */
  ShardValue() {
    this(new PeerShard());
  }

  ShardValue(PeerShard shard) {
    super(shard);
  }

  @Override
  public int getClassId() {
    return StateFactory.SHARD_VALUE;
  }

  @Override
  void write(ObjectDataOutput out, PeerShard shard) throws IOException {
    StateFormat.shard(out, shard);
  }

  @Override
  PeerShard read(ObjectDataInput in) throws IOException {
    return StateFormat.shard(in);
  }
}
