package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Errands that travel together to one node, are run there and answered together. Confined to one
 * thread at a time.
 */
final class Errands
    implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private static final int BYTES_PER_ANSWER = 512;

  private List<Errand<?>> errands;
  private @Nullable NodeState node;

  /** For reading. */
  Errands() {
    this(List.of());
  }

  Errands(List<Errand<?>> errands) {
    this.errands = errands;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  /** Runs all, in order. What does not apply here is answered with its absence. */
  @Override
  public byte[] call() throws IOException {
    OpenValues open = Objects.requireNonNull(node).open();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(errands.size() * BYTES_PER_ANSWER);
    DataOutputStream out = new DataOutputStream(bytes);
    for (Errand<?> errand : errands) {
      Object result = errand.run(open);
      out.writeBoolean(result != null);
      if (result != null) {
        errand.writeResult(out, result);
      }
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #call} answered: one result for each errand, in order. */
  static List<Optional<Object>> results(List<Errand<?>> errands, byte[] answer) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer));
    List<Optional<Object>> results = new ArrayList<>(errands.size());
    for (Errand<?> errand : errands) {
      results.add(in.readBoolean() ? Optional.of(errand.readResult(in)) : Optional.empty());
    }
    return results;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.ERRANDS;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    Wire.list(out, errands, (to, errand) -> errand.write(to));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    errands = Wire.list(in, Errand::read);
  }
}
