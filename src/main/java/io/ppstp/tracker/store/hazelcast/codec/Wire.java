package io.ppstp.tracker.store.hazelcast.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of the binary formats: strings, enums, lists and what may be absent. Stateless.
 *
 * <p>What is read may come from anybody who reaches the port of a node. A length is believed only
 * if so much can still follow, and memory is taken for what is there, never for what is said.
 */
public final class Wire {
  private static final int ABSENT = -1;

  /** A list is given room for so many elements before any of them has been read. */
  private static final int MOST_AT_ONCE = 64;

  private Wire() {}

  /** Writes one thing. */
  public interface Writer<T> {
    void write(DataOutput out, T value) throws IOException;
  }

  /** Reads one thing. */
  public interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  public static void string(DataOutput out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(ABSENT);
      return;
    }
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  public static String string(DataInput in) throws IOException {
    String text = optionalString(in);
    if (text == null) {
      throw new IOException("a string is absent that must not be");
    }
    return text;
  }

  public static @Nullable String optionalString(DataInput in) throws IOException {
    byte[] bytes = optionalBytes(in);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  public static void bytes(DataOutput out, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      out.writeInt(ABSENT);
      return;
    }
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static byte @Nullable [] optionalBytes(DataInput in) throws IOException {
    return optionalBytes(in, in.readInt());
  }

  /** Reads bytes whose length, or absence, has been read. */
  public static byte @Nullable [] optionalBytes(DataInput in, int length) throws IOException {
    if (length == ABSENT) {
      return null;
    }
    checkLength(in, length, 1);
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Writes an enum by its name's place, which {@code order} fixes for all releases. */
  public static <E extends Enum<E>> void choice(DataOutput out, List<E> order, @Nullable E value)
      throws IOException {
    out.writeByte(value == null ? ABSENT : order.indexOf(value));
  }

  public static <E extends Enum<E>> @Nullable E optionalChoice(DataInput in, List<E> order)
      throws IOException {
    int place = in.readByte();
    if (place == ABSENT) {
      return null;
    }
    if (place < 0 || place >= order.size()) {
      throw new IOException("unknown value " + place + " of " + order);
    }
    return order.get(place);
  }

  public static <E extends Enum<E>> E choice(DataInput in, List<E> order) throws IOException {
    E value = optionalChoice(in, order);
    if (value == null) {
      throw new IOException("a value of " + order + " is absent");
    }
    return value;
  }

  public static <T> void list(DataOutput out, List<T> values, Writer<T> writer) throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  public static <T> List<T> list(DataInput in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    checkLength(in, size, 1);
    List<T> values = new ArrayList<>(Math.min(size, MOST_AT_ONCE));
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  /** Writes up to eight truths in one byte; a single one as {@code writeBoolean} does. */
  public static void flags(DataOutput out, boolean... flags) throws IOException {
    int all = 0;
    for (int i = 0; i < flags.length; i++) {
      all |= flags[i] ? 1 << i : 0;
    }
    out.writeByte(all);
  }

  /** Returns the truth numbered {@code index} of those that {@link #flags} wrote. */
  public static boolean flag(int flags, int index) {
    return (flags >> index & 1) != 0;
  }

  public static <T> void optional(DataOutput out, @Nullable T value, Writer<T> writer)
      throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      writer.write(out, value);
    }
  }

  public static <T> @Nullable T optional(DataInput in, Reader<T> reader) throws IOException {
    return in.readBoolean() ? reader.read(in) : null;
  }

  /**
   * Checks a length that was read.
   *
   * @throws IOException if {@code count} elements of that many bytes cannot follow
   */
  static void checkLength(DataInput in, int count, int leastBytesEach) throws IOException {
    if (count < 0 || (long) count * leastBytesEach > remaining(in)) {
      throw new IOException("a length of " + count + " where so much does not follow");
    }
  }

  /** Returns how many bytes may follow; many if that is not known. */
  private static int remaining(DataInput in) throws IOException {
    return in instanceof InputStream stream ? stream.available() : Integer.MAX_VALUE;
  }
}
