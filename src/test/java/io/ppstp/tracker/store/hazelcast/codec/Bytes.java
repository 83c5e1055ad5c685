package io.ppstp.tracker.store.hazelcast.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;

/** Writes to bytes and reads them to their end. Stateless. */
public final class Bytes {
  private Bytes() {}

  /** Writes to what {@link #of} returns. */
  public interface Writing {
    void to(DataOutput out) throws IOException;
  }

  /** Reads from what is given to {@link #read}. */
  public interface Reading<T> {
    T from(DataInput in) throws IOException;
  }

  public static byte[] of(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writing.to(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** Reads all of {@code bytes}; fails if some are left over. */
  public static <T> T read(byte[] bytes, Reading<T> reading) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    T value = reading.from(new DataInputStream(in));
    if (in.available() > 0) {
      throw new AssertionError(in.available() + " bytes are left over after " + value);
    }
    return value;
  }
}
