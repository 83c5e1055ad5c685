package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.tracker.SwarmCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies a change of a swarm again on a backup; a list that it would bring is not drawn. */
final class SwarmBackup extends CommandProcessor<SwarmCommand<?>, String, SwarmValue> {
  private static final long serialVersionUID = 1L;

  /** For reading. */
  SwarmBackup() {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_BACKUP, null);
  }

  SwarmBackup(SwarmCommand<?> command) {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_BACKUP, withoutDraw(command));
  }

  private static SwarmCommand<?> withoutDraw(SwarmCommand<?> command) {
    return command instanceof SwarmCommand.Join join
        ? new SwarmCommand.Join(join.member(), null)
        : command;
  }

  @Override
  public byte @Nullable [] process(Map.Entry<String, SwarmValue> entry) {
    SwarmValue present = entry.getValue();
    SwarmValue value = present == null ? new SwarmValue() : present;
    value.close();
    value.apply(swarm -> command().apply(swarm));
    SwarmProcessor.put(entry, value);
    return null;
  }
}
