package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry processor that executes a command at the owner of a shard, and ships the change that
 * came of it to the backups. Confined to the partition's thread once it is submitted.
 *
 * <p>Hazelcast may execute it twice when a node dies in between; commands allow for that.
 */
public final class ChangeProcessor<S, C, Q>
    implements EntryProcessor<Integer, StateValue<S, C>, byte[]>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;
  private static final byte[] NOT_EXECUTED = new byte[0];
  private static final int TYPICAL_BYTES = 256;

  private transient @Nullable StateKind<S, C, Q> kind;
  private transient @Nullable Q command;
  private transient @Nullable UUID sender;
  private transient @Nullable HazelcastInstance hazelcast;
  private transient @Nullable ApplyProcessor<S, C> backup;

  /** For reading. */
  ChangeProcessor() {}

  /** Makes a processor of a command that the member {@code sender} sends. */
  public ChangeProcessor(StateKind<S, C, Q> kind, Q command, UUID sender) {
    this.kind = kind;
    this.command = command;
    this.sender = sender;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    hazelcast = instance;
  }

  @Override
  public byte[] process(Map.Entry<Integer, StateValue<S, C>> entry) {
    StateKind<S, C, Q> of = Objects.requireNonNull(kind);
    NodeState here = NodeState.of(Objects.requireNonNull(hazelcast));
    StateValue<S, C> present = entry.getValue();
    StateValue<S, C> value = present == null ? new StateValue<>(of) : present;
    Q executed = Objects.requireNonNull(command);
    // Nobody else changes it: this is the partition's thread.
    OwnerDecisions.Outcome<C> outcome =
        value.read(
            state ->
                of.decisions()
                    .decide(here, entry.getKey(), state, executed, Objects.requireNonNull(sender)));
    backup = null;
    if (outcome == null) {
      return NOT_EXECUTED;
    }
    C change = outcome.change();
    if (change != null) {
      value.apply(change);
      entry.setValue(value);
      backup = new ApplyProcessor<>(of, change);
      tell(here, of, value, change);
      of.decisions().changed(here, entry.getKey(), change);
    }
    return encode(of, executed, outcome.result());
  }

  private static <S, C> void tell(
      NodeState here, StateKind<S, C, ?> kind, StateValue<S, C> value, C change) {
    int unused =
        value.read(
            state -> {
              kind.decisions().applied(here, state, change);
              return 0;
            });
  }

  /** Hazelcast serialises every answer, and bytes cheapest. */
  private static <Q> byte[] encode(StateKind<?, ?, Q> kind, Q command, Object result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
      kind.commands().writeResult(new DataOutputStream(bytes), command, result);
      // At least one byte, for none says that nothing was executed.
      bytes.write(0);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads what {@link #process} answered to {@code command}.
   *
   * @return null if it was not executed: the owner may not, or is another member now
   */
  public static <Q> @Nullable Object decode(StateKind<?, ?, Q> kind, Q command, byte[] answer)
      throws IOException {
    return answer.length == 0
        ? null
        : kind.commands()
            .readResult(new DataInputStream(new ByteArrayInputStream(answer)), command);
  }

  @Override
  public @Nullable EntryProcessor<Integer, StateValue<S, C>, byte[]> getBackupProcessor() {
    return backup;
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.CHANGE_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    StateKind<S, C, Q> of = Objects.requireNonNull(kind);
    UUID from = Objects.requireNonNull(sender);
    out.writeByte(of.number());
    out.writeLong(from.getMostSignificantBits());
    out.writeLong(from.getLeastSignificantBits());
    of.commands().writeRequest(out, Objects.requireNonNull(command));
  }

  @Override
  @SuppressWarnings("unchecked")
  public void readData(ObjectDataInput in) throws IOException {
    StateKind<S, C, Q> of = (StateKind<S, C, Q>) StateKind.of(in.readByte());
    kind = of;
    sender = new UUID(in.readLong(), in.readLong());
    command = of.commands().readRequest(in);
  }

  /**
   * Applies at a backup the change that the owner has decided. Confined to the partition's thread,
   * which applies changes in the order of the owner.
   */
  static final class ApplyProcessor<S, C>
      implements EntryProcessor<Integer, StateValue<S, C>, byte[]>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    private transient @Nullable StateKind<S, C, ?> kind;
    private transient @Nullable C change;

    /** For reading. */
    ApplyProcessor() {}

    ApplyProcessor(StateKind<S, C, ?> kind, C change) {
      this.kind = kind;
      this.change = change;
    }

    @Override
    public byte @Nullable [] process(Map.Entry<Integer, StateValue<S, C>> entry) {
      StateValue<S, C> present = entry.getValue();
      StateValue<S, C> value =
          present == null ? new StateValue<>(Objects.requireNonNull(kind)) : present;
      value.apply(Objects.requireNonNull(change));
      entry.setValue(value);
      return null;
    }

    @Override
    public @Nullable EntryProcessor<Integer, StateValue<S, C>, byte[]> getBackupProcessor() {
      return null;
    }

    @Override
    public int getFactoryId() {
      return StateFactory.ID;
    }

    @Override
    public int getClassId() {
      return StateFactory.APPLY_PROCESSOR;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      StateKind<S, C, ?> of = Objects.requireNonNull(kind);
      out.writeByte(of.number());
      of.writeChange(out, Objects.requireNonNull(change));
    }

    @Override
    @SuppressWarnings("unchecked")
    public void readData(ObjectDataInput in) throws IOException {
      StateKind<S, C, ?> of = (StateKind<S, C, ?>) StateKind.of(in.readByte());
      kind = of;
      change = of.readChange(in);
    }
  }
}
