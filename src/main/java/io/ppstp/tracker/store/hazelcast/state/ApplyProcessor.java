package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies at a backup the change that the owner has decided. Confined to the partition's thread,
 * which applies changes in the order of the owner.
 */
final class ApplyProcessor<S, C>
    implements EntryProcessor<Integer, StateValue<S, C>, byte[]>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1L;

  private transient @Nullable StateKind<S, C, ?> kind;
  private transient @Nullable C change;

  /** For reading. */
  ApplyProcessor() {}

  ApplyProcessor(StateKind<S, C, ?> kind, C change) {
    this.kind = kind;
    this.change = change;
  }

  @Override
  public byte @Nullable [] process(Map.Entry<Integer, StateValue<S, C>> entry) {
    StateValue<S, C> present = entry.getValue();
    StateValue<S, C> value =
        present == null ? new StateValue<>(Objects.requireNonNull(kind)) : present;
    value.apply(Objects.requireNonNull(change));
    entry.setValue(value);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<Integer, StateValue<S, C>, byte[]> getBackupProcessor() {
    return null;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.APPLY_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    StateKind<S, C, ?> of = Objects.requireNonNull(kind);
    out.writeByte(of.number());
    of.writeChange(out, Objects.requireNonNull(change));
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    StateKind<S, C, ?> of = (StateKind<S, C, ?>) StateKinds.of(in.readByte());
    kind = of;
    change = of.readChange(in);
  }
}
