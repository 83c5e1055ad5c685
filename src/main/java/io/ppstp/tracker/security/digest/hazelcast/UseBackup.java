package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Repeats on a backup what the owner has accepted. Confined to the partition's thread. */
final class UseBackup
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
    value.use(count, ticket);
    ((ExtendedMapEntry<String, WindowValue>) entry).setValue(value, lifeMs, TimeUnit.MILLISECONDS);
    return null;
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
