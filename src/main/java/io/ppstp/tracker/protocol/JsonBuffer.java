package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/**
 * A growing byte array to which JSON is written as UTF-8. Confined to one thread.
 *
 * <p>Answers are mostly constant pieces; copying those beats a general generator, which would have
 * to check and escape each of them again.
 */
public final class JsonBuffer {
  private byte[] bytes;
  private int size;

  /** Makes an empty buffer with room for {@code capacity} bytes. */
  public JsonBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /** Returns the number of bytes written. */
  public int size() {
    return size;
  }

  /** Returns a copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Appends bytes as they are. */
  public JsonBuffer raw(byte[] piece) {
    ensure(piece.length);
    System.arraycopy(piece, 0, bytes, size, piece.length);
    size += piece.length;
    return this;
  }

  /** Appends one ASCII character as it is. */
  public JsonBuffer raw(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  /** Appends {@code text} as a JSON string, quoted and escaped. */
  public JsonBuffer string(String text) {
    int length = text.length();
    ensure(length + 2);
    int start = size;
    bytes[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        size = start;
        return escapedString(text);
      }
      bytes[size++] = (byte) c;
    }
    bytes[size++] = '"';
    return this;
  }

  private JsonBuffer escapedString(String text) {
    return raw('"').raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).raw('"');
  }

  /** Appends a number that is not negative. */
  public JsonBuffer number(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    ensure(digits);
    long rest = value;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
