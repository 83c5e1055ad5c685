package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.tracker.PeerCommand;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link PeerCommand} where the shard lives, and sends it on to the backups if it changed
 * something. Its answer is the result's bytes: Hazelcast serialises every answer, and bytes
 * cheapest.
 *
 * <p>Hazelcast may apply it twice when a node dies in between; commands allow for that.
 */
final class PeerProcessor<R>
    implements EntryProcessor<Integer, ShardValue, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private transient @Nullable PeerCommand<R> command;
  private transient @Nullable NodeState node;
  private transient @Nullable PeerBackup backup;

  /** For reading. */
  PeerProcessor() {}

  PeerProcessor(PeerCommand<R> command) {
    this.command = command;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    node = NodeState.of(hazelcast);
  }

  @Override
  public byte[] process(Map.Entry<Integer, ShardValue> entry) {
    PeerCommand<R> it = Objects.requireNonNull(command);
    NodeState here = Objects.requireNonNull(node);
    backup = null;
    ShardValue present = entry.getValue();
    ShardValue value = present == null ? new ShardValue() : present;
    R result = it.apply(value.shard(), here.budget());
    if (it.changed(result)) {
      entry.setValue(value);
      backup = new PeerBackup(it);
    }
    here.shardChanged(entry.getKey(), value.shard());
    return encode(it, result);
  }

  private static <R> byte[] encode(PeerCommand<R> command, R result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
      PeerCommandFormats.ALL.writeResult(
          new DataOutputStream(bytes), command, Objects.requireNonNull(result));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable EntryProcessor<Integer, ShardValue, byte[]> getBackupProcessor() {
    return backup;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.PEER_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    PeerCommandFormats.ALL.writeCommand(out, Objects.requireNonNull(command));
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    command = (PeerCommand<R>) PeerCommandFormats.ALL.readCommand(in);
  }
}
