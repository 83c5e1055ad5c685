package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies a change of a swarm again on a backup; a list that it would bring is not drawn. */
final class SwarmBackup extends BackupProcessor<SwarmCommand<?>, String, SwarmValue> {
  private static final long serialVersionUID = 1L;

  /** For reading. */
  SwarmBackup() {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_BACKUP, null, null);
  }

  SwarmBackup(SwarmCommand<?> command, @Nullable Opening opening) {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_BACKUP, command, opening);
  }

  @Override
  public byte @Nullable [] process(Map.Entry<String, SwarmValue> entry) {
    SwarmValue present = entry.getValue();
    SwarmValue value = present == null ? new SwarmValue() : present;
    value.close();
    value.apply(swarm -> command().apply(swarm));
    SwarmProcessor.put(entry, value);
    if (number() != 0 && present != null && value.apply(Swarm::size) > 0) {
      node().open().follow(entry.getKey(), value, number());
    }
    return null;
  }
}
