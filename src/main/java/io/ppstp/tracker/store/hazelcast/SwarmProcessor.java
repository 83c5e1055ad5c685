package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.map.EntryProcessor;
import io.ppstp.tracker.domain.Swarm;
import io.ppstp.tracker.domain.SwarmCommand;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies a {@link SwarmCommand} where the swarm lives; otherwise as {@link PeerProcessor}. */
final class SwarmProcessor<R> extends CommandProcessor<SwarmCommand<?>, String, SwarmValue> {
  private static final long serialVersionUID = 1L;
  private static final SwarmCommand<?> NOTHING = new SwarmCommand.LeaveAll(List.of());

  private transient @Nullable SwarmBackup backup;

  /** For reading. */
  SwarmProcessor() {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_PROCESSOR, null);
  }

  SwarmProcessor(SwarmCommand<R> command) {
    super(SwarmCommandFormats.ALL, StateFactory.SWARM_PROCESSOR, command);
  }

  @Override
  public byte[] process(Map.Entry<String, SwarmValue> entry) {
    return apply(command(), entry, node());
  }

  private <T> byte[] apply(
      SwarmCommand<T> command, Map.Entry<String, SwarmValue> entry, NodeState here) {
    backup = null;
    SwarmValue present = entry.getValue();
    SwarmValue value = present == null ? new SwarmValue() : present;
    T result = value.apply(command::apply);
    boolean changed = command.changed(result);
    if (changed) {
      put(entry, value);
    }
    boolean opened = false;
    if (value.apply(Swarm::size) == 0) {
      value.close();
    } else if (present != null) {
      opened = here.open().own(entry.getKey(), value);
    }
    if (changed || opened) {
      backup = new SwarmBackup(changed ? command.forCopies() : NOTHING, value.opening());
    }
    return encode(Objects.requireNonNull(result));
  }

  /** Keeps a swarm with members, and lets one without go. */
  static void put(Map.Entry<String, SwarmValue> entry, SwarmValue value) {
    entry.setValue(value.apply(Swarm::size) == 0 ? null : value);
  }

  @Override
  public @Nullable EntryProcessor<String, SwarmValue, byte[]> getBackupProcessor() {
    return backup;
  }
}
