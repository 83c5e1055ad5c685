package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.security.digest.NonceStore;
import io.ppstp.tracker.security.digest.hazelcast.NonceConfig.NonceFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Uses a count where its nonce's window lives, and on the backups if it was accepted. Answers a
 * {@link NonceStore.Use} by its number, with {@link #CREATED} added if the nonce was new. Confined
 * to the partition's thread once it is submitted.
 */
final class UseProcessor
    implements EntryProcessor<String, WindowValue, Integer>, IdentifiedDataSerializable {
  static final int CREATED = 16;

  private static final long serialVersionUID = 1L;

  private transient UseBackup use = new UseBackup();
  private transient boolean mayCreate;
  private transient boolean accepted;

  /** For reading. */
  UseProcessor() {}

  /**
   * Makes a processor.
   *
   * @param ticket different for each call
   * @param lifeMs how long the window must be kept from now on
   * @param mayCreate whether there is room for one more nonce
   */
  UseProcessor(long count, long ticket, long lifeMs, boolean mayCreate) {
    this.use = new UseBackup(count, ticket, lifeMs);
    this.mayCreate = mayCreate;
  }

  @Override
  public Integer process(Map.Entry<String, WindowValue> entry) {
    accepted = false;
    WindowValue present = entry.getValue();
    if (present == null && !mayCreate) {
      return number(NonceStore.Use.FULL);
    }
    WindowValue value = present == null ? new WindowValue() : present;
    NonceStore.Use answer = use.of(value);
    accepted = answer == NonceStore.Use.ACCEPTED;
    if (accepted) {
      use.keep(entry, value);
    }
    return number(answer) + (present == null ? CREATED : 0);
  }

  /** The numbers are part of the format. */
  private static int number(NonceStore.Use use) {
    return switch (use) {
      case ACCEPTED -> 0;
      case REPLAYED -> 1;
      case FORGOTTEN -> 2;
      case FULL -> 3;
    };
  }

  static NonceStore.Use use(int answer) {
    return switch (answer & ~CREATED) {
      case 0 -> NonceStore.Use.ACCEPTED;
      case 1 -> NonceStore.Use.REPLAYED;
      case 2 -> NonceStore.Use.FORGOTTEN;
      case 3 -> NonceStore.Use.FULL;
      default -> throw new IllegalStateException("no use " + answer + "; update this node");
    };
  }

  @Override
  public @Nullable EntryProcessor<String, WindowValue, Integer> getBackupProcessor() {
    return accepted ? use : null;
  }

  @Override
  public int getFactoryId() {
    return NonceFactory.ID;
  }

  @Override
  public int getClassId() {
    return NonceFactory.USE_PROCESSOR;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    use.writeData(out);
    out.writeBoolean(mayCreate);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    use.readData(in);
    mayCreate = in.readBoolean();
  }

  /** Repeats on a backup what the owner has accepted. Confined to the partition's thread. */
  static final class UseBackup
      implements EntryProcessor<String, WindowValue, Integer>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    private transient long count;
    private transient long ticket;
    private transient long lifeMs;

    /** For reading. */
    UseBackup() {}

    UseBackup(long count, long ticket, long lifeMs) {
      this.count = count;
      this.ticket = ticket;
      this.lifeMs = lifeMs;
    }

    @Override
    public @Nullable Integer process(Map.Entry<String, WindowValue> entry) {
      WindowValue present = entry.getValue();
      WindowValue value = present == null ? new WindowValue() : present;
      of(value);
      keep(entry, value);
      return null;
    }

    private NonceStore.Use of(WindowValue window) {
      return window.use(count, ticket);
    }

    private void keep(Map.Entry<String, WindowValue> entry, WindowValue window) {
      ((ExtendedMapEntry<String, WindowValue>) entry)
          .setValue(window, lifeMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public int getFactoryId() {
      return NonceFactory.ID;
    }

    @Override
    public int getClassId() {
      return NonceFactory.USE_BACKUP;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      out.writeByte(WindowValue.VERSION);
      out.writeLong(count);
      out.writeLong(ticket);
      out.writeLong(lifeMs);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      WindowValue.requireKnown(in.readByte());
      count = WindowValue.readCount(in);
      ticket = in.readLong();
      lifeMs = WindowValue.readLifeMs(in);
    }
  }
}
