package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.Swarm;
import java.io.IOException;

/** A swarm as a map's value; confined to its partition's thread. */
final class SwarmValue implements IdentifiedDataSerializable {
  private Swarm swarm;

  /** For an absent entry, and for reading. */
  SwarmValue() {
    this(new Swarm());
  }

  SwarmValue(Swarm swarm) {
    this.swarm = swarm;
  }

  Swarm swarm() {
    return swarm;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.SWARM_VALUE;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    StateFormat.swarm(out, swarm);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    swarm = StateFormat.swarm(in);
  }
}
