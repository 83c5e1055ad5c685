package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.SwarmCommand;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies a change of a swarm again on a backup; a list that it would bring is not drawn. */
final class SwarmBackup
    implements EntryProcessor<String, SwarmValue, byte[]>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1L;

  private transient @Nullable SwarmCommand<?> command;

  /** For reading. */
  SwarmBackup() {}

  SwarmBackup(SwarmCommand<?> command) {
    this.command =
        command instanceof SwarmCommand.Join join
            ? new SwarmCommand.Join(join.member(), null)
            : command;
  }

  @Override
  public byte @Nullable [] process(Map.Entry<String, SwarmValue> entry) {
    SwarmValue present = entry.getValue();
    SwarmValue value = present == null ? new SwarmValue() : present;
    Objects.requireNonNull(command).apply(value.swarm());
    SwarmProcessor.put(entry, value);
    return null;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.SWARM_BACKUP;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    SwarmCommandFormats.ALL.writeCommand(out, Objects.requireNonNull(command));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    command = SwarmCommandFormats.ALL.readCommand(in);
  }
}
