package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entry processor that carries one command of a family. Confined to the partition's thread once
 * it is submitted.
 *
 * @param <C> the family
 */
abstract class CommandProcessor<C, K, V>
    implements EntryProcessor<K, V, byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private final transient CommandFormats<C> formats;
  private final transient int classId;
  private transient @Nullable C command;
  private transient @Nullable HazelcastInstance here;

  /** Makes a processor of {@code command}, or one to be read if that is null. */
  CommandProcessor(CommandFormats<C> formats, int classId, @Nullable C command) {
    this.formats = formats;
    this.classId = classId;
    this.command = command;
  }

  final C command() {
    return Objects.requireNonNull(command);
  }

  @Override
  public final void setHazelcastInstance(HazelcastInstance hazelcast) {
    here = hazelcast;
  }

  /** Returns the state of the node that this runs on. */
  final NodeState node() {
    return NodeState.of(Objects.requireNonNull(here));
  }

  /** Hazelcast serialises every answer, and bytes cheapest. */
  final byte[] encode(Object result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
      formats.writeResult(new DataOutputStream(bytes), command(), result);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public final int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public final int getClassId() {
    return classId;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    formats.writeCommand(out, command());
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    command = formats.readCommand(in);
  }
}
