package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import io.ppstp.tracker.tracker.PeerCommand;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link PeerCommand} where the shard lives, and sends it on to the backups if it changed
 * something.
 *
 * <p>Hazelcast may apply it twice when a node dies in between; commands allow for that.
 */
final class PeerProcessor<R> extends CommandProcessor<PeerCommand<?>, Integer, ShardValue> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable PeerBackup backup;

  /** For reading. */
  PeerProcessor() {
    super(PeerCommandFormats.ALL, StateFactory.PEER_PROCESSOR, null);
  }

  PeerProcessor(PeerCommand<R> command) {
    super(PeerCommandFormats.ALL, StateFactory.PEER_PROCESSOR, command);
  }

  @Override
  public byte[] process(Map.Entry<Integer, ShardValue> entry) {
    return apply(command(), entry, node());
  }

  private <T> byte[] apply(
      PeerCommand<T> command, Map.Entry<Integer, ShardValue> entry, NodeState here) {
    backup = null;
    ShardValue present = entry.getValue();
    ShardValue value = present == null ? new ShardValue() : present;
    T result = here.apply(entry.getKey(), value, command, here.budget());
    if (command.changed(result)) {
      entry.setValue(value);
      backup = new PeerBackup(command.forCopies(result));
    }
    if (present != null) {
      here.open().open(entry.getKey(), value);
    }
    return encode(Objects.requireNonNull(result));
  }

  @Override
  public @Nullable EntryProcessor<Integer, ShardValue, byte[]> getBackupProcessor() {
    return backup;
  }
}
