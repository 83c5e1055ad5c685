package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerBudget;
import io.ppstp.tracker.domain.PeerCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies a command again on a backup. Commands carry their time and their seed, so that a backup
 * comes to the same state as the owner; the budget was the owner's affair.
 */
final class PeerBackup extends BackupProcessor<PeerCommand<?>, Integer, ShardValue> {
  private static final long serialVersionUID = 1L;

  /** For reading. */
  PeerBackup() {
    super(PeerCommandFormats.ALL, StateFactory.PEER_BACKUP, null, null);
  }

  PeerBackup(PeerCommand<?> command, @Nullable Opening opening) {
    super(PeerCommandFormats.ALL, StateFactory.PEER_BACKUP, command, opening);
  }

  @Override
  public byte @Nullable [] process(Map.Entry<Integer, ShardValue> entry) {
    ShardValue present = entry.getValue();
    ShardValue value = present == null ? new ShardValue() : present;
    value.close();
    node().apply(entry.getKey(), value, command(), PeerBudget.UNCOUNTED);
    entry.setValue(value);
    if (number() != 0 && present != null) {
      node().open().follow(entry.getKey(), value, number());
    }
    return null;
  }
}
