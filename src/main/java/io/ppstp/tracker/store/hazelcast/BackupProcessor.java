package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A processor that brings a copy to where its owner is, and lets it follow its owner from then on
 * if the owner's value is open.
 *
 * @param <C> the family of commands
 */
abstract class BackupProcessor<C, K, V> extends CommandProcessor<C, K, V> {
  private static final long serialVersionUID = 1L;

  /** Of the owner's opening; 0 if it is closed. */
  private transient long number;

  BackupProcessor(
      CommandFormats<C> formats, int classId, @Nullable C command, @Nullable Opening opening) {
    super(formats, classId, command);
    this.number = opening == null ? 0 : opening.number();
  }

  /** Returns the number of the owner's opening, 0 if it is closed. */
  final long number() {
    return number;
  }

  @Override
  public final void writeData(ObjectDataOutput out) throws IOException {
    super.writeData(out);
    out.writeLong(number);
  }

  @Override
  public final void readData(ObjectDataInput in) throws IOException {
    super.readData(in);
    number = in.readLong();
  }
}
