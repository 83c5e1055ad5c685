package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives every backup of a shard all that the owner holds: mends one that was found to differ.
 * Confined to the partition's thread.
 */
public final class ReplaceProcessor<S, C>
    implements EntryProcessor<Integer, StateValue<S, C>, byte[]>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1L;

  private transient boolean atBackup;

  /** What the owner holds. */
  private transient @Nullable StateValue<S, C> whole;

  /** Makes the processor for the owner, and for reading. */
  public ReplaceProcessor() {}

  @Override
  public byte @Nullable [] process(Map.Entry<Integer, StateValue<S, C>> entry) {
    if (!atBackup) {
      whole = entry.getValue();
    }
    if (whole != null) {
      entry.setValue(whole);
    }
    return null;
  }

  @Override
  public @Nullable EntryProcessor<Integer, StateValue<S, C>, byte[]> getBackupProcessor() {
    if (atBackup || whole == null) {
      return null;
    }
    ReplaceProcessor<S, C> backup = new ReplaceProcessor<>();
    backup.atBackup = true;
    backup.whole = whole;
    return backup;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.REPLACE_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    StateValue<S, C> value = whole;
    if (!atBackup || value == null) {
      out.writeByte(0);
      return;
    }
    out.writeByte(value.kind().number());
    value.writeData(out);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    int number = in.readByte();
    atBackup = number != 0;
    if (atBackup) {
      StateValue<S, C> read = new StateValue<>((StateKind<S, C, ?>) StateKind.of(number));
      read.readData(in);
      whole = read;
    }
  }
}
