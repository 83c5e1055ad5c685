package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.ppstp.tracker.domain.Swarm;
import java.io.IOException;

/** A swarm as a map's value. */
final class SwarmValue extends StateValue<Swarm> {

  /** For an absent entry, and for reading. */
  SwarmValue() {
    this(new Swarm());
  }

  SwarmValue(Swarm swarm) {
    super(swarm);
  }

  @Override
  public int getClassId() {
    return StateFactory.SWARM_VALUE;
  }

  @Override
  void write(ObjectDataOutput out, Swarm swarm) throws IOException {
    StateFormat.swarm(out, swarm);
  }

  @Override
  Swarm read(ObjectDataInput in) throws IOException {
    return StateFormat.swarm(in);
  }
}
