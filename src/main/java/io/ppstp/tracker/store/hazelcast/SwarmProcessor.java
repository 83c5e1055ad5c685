package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.SwarmCommand;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies a {@link SwarmCommand} where the swarm lives; otherwise as {@link PeerProcessor}. */
final class SwarmProcessor<R>
    implements EntryProcessor<String, SwarmValue, byte[]>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1L;

  private transient @Nullable SwarmCommand<R> command;
  private transient @Nullable SwarmBackup backup;

  /** For reading. */
  SwarmProcessor() {}

  SwarmProcessor(SwarmCommand<R> command) {
    this.command = command;
  }

  @Override
  public byte[] process(Map.Entry<String, SwarmValue> entry) {
    SwarmCommand<R> it = Objects.requireNonNull(command);
    backup = null;
    SwarmValue present = entry.getValue();
    SwarmValue value = present == null ? new SwarmValue() : present;
    R result = it.apply(value.swarm());
    if (it.changed(result)) {
      put(entry, value);
      backup = new SwarmBackup(it);
    }
    return encode(it, result);
  }

  /** Keeps a swarm with members, and lets one without go. */
  static void put(Map.Entry<String, SwarmValue> entry, @Nullable SwarmValue value) {
    entry.setValue(value == null || value.swarm().size() == 0 ? null : value);
  }

  private static <R> byte[] encode(SwarmCommand<R> command, R result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      SwarmCommandFormats.ALL.writeResult(
          new DataOutputStream(bytes), command, Objects.requireNonNull(result));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable EntryProcessor<String, SwarmValue, byte[]> getBackupProcessor() {
    return backup;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.SWARM_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    SwarmCommandFormats.ALL.writeCommand(out, Objects.requireNonNull(command));
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    command = (SwarmCommand<R>) SwarmCommandFormats.ALL.readCommand(in);
  }
}
