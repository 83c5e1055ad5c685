package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.security.digest.CountWindow;
import io.ppstp.tracker.security.digest.NonceStore;
import io.ppstp.tracker.security.digest.hazelcast.NonceConfig.NonceFactory;
import java.io.IOException;
import java.time.Duration;

/** The window of one nonce as a map's value; confined to its partition's thread. */
final class WindowValue implements IdentifiedDataSerializable {
  static final int VERSION = 1;

  /** The longest that auth.digest.nonce-life can be set to, and what is added to it. */
  private static final long LONGEST_LIFE_MS = Duration.ofDays(366).toMillis();

  private CountWindow window = new CountWindow();
  private long lastTicket;

  /** For an absent entry, and for reading. */
  WindowValue() {}

  /**
   * Uses a count.
   *
   * @param ticket of the call, by which Hazelcast's own repetition of it is known: it gets the same
   *     answer and is not taken for a replay
   */
  NonceStore.Use use(long count, long ticket) {
    if (ticket == lastTicket) {
      return NonceStore.Use.ACCEPTED;
    }
    NonceStore.Use use = window.use(count);
    if (use == NonceStore.Use.ACCEPTED) {
      lastTicket = ticket;
    }
    return use;
  }

  /** Adds what the other side of a network split has seen. */
  void unite(WindowValue other) {
    window.unite(other.window);
  }

  @Override
  public int getFactoryId() {
    return NonceFactory.ID;
  }

  @Override
  public int getClassId() {
    return NonceFactory.WINDOW_VALUE;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeLong(window.highest());
    out.writeLong(window.low());
    out.writeLong(window.high());
    out.writeLong(lastTicket);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    requireKnown(in.readByte());
    long highest = in.readLong();
    requireWithin(0, highest, CountWindow.LAST, "highest count");
    window = new CountWindow(highest, in.readLong(), in.readLong());
    lastTicket = in.readLong();
  }

  static long readCount(ObjectDataInput in) throws IOException {
    return requireWithin(1, in.readLong(), CountWindow.LAST, "count");
  }

  static long readLifeMs(ObjectDataInput in) throws IOException {
    return requireWithin(1, in.readLong(), LONGEST_LIFE_MS, "life");
  }

  private static long requireWithin(long least, long value, long most, String what)
      throws IOException {
    if (value < least || value > most) {
      throw new IOException("a nonce whose " + what + " is " + value);
    }
    return value;
  }

  static void requireKnown(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "format version "
              + version
              + " is not known here; update this node to the newer release");
    }
  }
}
