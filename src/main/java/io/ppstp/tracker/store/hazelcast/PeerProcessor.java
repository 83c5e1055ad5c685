package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import io.ppstp.tracker.domain.PeerCommand;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link PeerCommand} where the shard lives, and sends it on to the backups if it changed
 * something, or if they have to be told that the shard is open from now on.
 *
 * <p>Hazelcast may apply it twice when a node dies in between; commands allow for that.
 */
final class PeerProcessor<R> extends CommandProcessor<PeerCommand<?>, Integer, ShardValue> {
  private static final long serialVersionUID = 1L;
  private static final PeerCommand<?> NOTHING = new PeerCommand.Touches(List.of());

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
    boolean changed = command.changed(result);
    if (changed) {
      entry.setValue(value);
    }
    boolean opened = present != null && here.open().own(entry.getKey(), value);
    if (changed || opened) {
      backup = new PeerBackup(changed ? command.forCopies(result) : NOTHING, value.opening());
    }
    return encode(Objects.requireNonNull(result));
  }

  @Override
  public @Nullable EntryProcessor<Integer, ShardValue, byte[]> getBackupProcessor() {
    return backup;
  }
}
