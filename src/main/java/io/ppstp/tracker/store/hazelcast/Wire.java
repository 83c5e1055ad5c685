package io.ppstp.tracker.store.hazelcast;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of the binary formats: strings, enums, lists and what may be absent. Stateless.
 */
final class Wire {
  private static final int ABSENT = -1;

  private Wire() {}

  /** Writes one thing. */
  interface Writer<T> {
    void write(DataOutput out, T value) throws IOException;
  }

  /** Reads one thing. */
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  static void string(DataOutput out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(ABSENT);
      return;
    }
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static String string(DataInput in) throws IOException {
    String text = optionalString(in);
    if (text == null) {
      throw new IOException("a string is absent that must not be");
    }
    return text;
  }

  static @Nullable String optionalString(DataInput in) throws IOException {
    byte[] bytes = optionalBytes(in);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void bytes(DataOutput out, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      out.writeInt(ABSENT);
      return;
    }
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static byte @Nullable [] optionalBytes(DataInput in) throws IOException {
    return optionalBytes(in, in.readInt());
  }

  /** Reads bytes whose length, or absence, has been read. */
  static byte @Nullable [] optionalBytes(DataInput in, int length) throws IOException {
    if (length == ABSENT) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Writes an enum by its name's place, which {@code order} fixes for all releases. */
  static <E extends Enum<E>> void choice(DataOutput out, List<E> order, @Nullable E value)
      throws IOException {
    out.writeByte(value == null ? ABSENT : order.indexOf(value));
  }

  static <E extends Enum<E>> @Nullable E optionalChoice(DataInput in, List<E> order)
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

  static <E extends Enum<E>> E choice(DataInput in, List<E> order) throws IOException {
    E value = optionalChoice(in, order);
    if (value == null) {
      throw new IOException("a value of " + order + " is absent");
    }
    return value;
  }

  static <T> void list(DataOutput out, List<T> values, Writer<T> writer) throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> list(DataInput in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    List<T> values = new ArrayList<>(Math.min(size, 1 << 16));
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  /** Writes up to eight truths in one byte; a single one as {@code writeBoolean} does. */
  static void flags(DataOutput out, boolean... flags) throws IOException {
    int all = 0;
    for (int i = 0; i < flags.length; i++) {
      all |= flags[i] ? 1 << i : 0;
    }
    out.writeByte(all);
  }

  /** Returns the truth numbered {@code index} of those that {@link #flags} wrote. */
  static boolean flag(int flags, int index) {
    return (flags >> index & 1) != 0;
  }

  static <T> void optional(DataOutput out, @Nullable T value, Writer<T> writer) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      writer.write(out, value);
    }
  }

  static <T> @Nullable T optional(DataInput in, Reader<T> reader) throws IOException {
    return in.readBoolean() ? reader.read(in) : null;
  }
}
