package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing byte array to which JSON is written as UTF-8. Confined to one thread.
 *
 * <p>Answers are mostly constant pieces; copying those beats a general generator, which would have
 * to check and escape each of them again.
 */
public final class JsonBuffer {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int DIGITS_OF_LONG = 19;
  private static final int OCTETS = 256;

  /** The spelling of each octet and a dot, the first character in the lowest byte. */
  private static final int[] DOTTED_OCTETS = new int[OCTETS];

  private static final byte[] OCTET_DIGITS = new byte[OCTETS];

  /** The characters of "00" to "99". */
  private static final byte[] PAIRS = new byte[200];

  private static final long ONE_EACH = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  static {
    for (int octet = 0; octet < OCTETS; octet++) {
      byte[] spelling = Arrays.copyOf((octet + ".").getBytes(US_ASCII), Integer.BYTES);
      DOTTED_OCTETS[octet] = (int) INT.get(spelling, 0);
      OCTET_DIGITS[octet] = (byte) Integer.toString(octet).length();
    }
    for (int number = 0; number < 100; number++) {
      PAIRS[2 * number] = (byte) ('0' + number / 10);
      PAIRS[2 * number + 1] = (byte) ('0' + number % 10);
    }
  }

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

  /** Forgets what was written, and makes room for {@code capacity} bytes. */
  public JsonBuffer clear(int capacity) {
    size = 0;
    ensure(capacity);
    return this;
  }

  /** Forgets what was written behind the first {@code length} bytes. */
  public JsonBuffer truncate(int length) {
    size = Math.min(size, length);
    return this;
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
    return raw('"').content(text).raw('"');
  }

  /** Appends what stands between the quotes of {@code text} as a JSON string. */
  JsonBuffer content(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return raw(isPlain(utf8) ? utf8 : JsonStringEncoder.getInstance().quoteAsUTF8(text));
  }

  /** Returns whether these bytes can stand in a JSON string as they are; looks at eight a time. */
  private static boolean isPlain(byte[] utf8) {
    long special = 0;
    int at = 0;
    for (; at <= utf8.length - Long.BYTES; at += Long.BYTES) {
      special |= special((long) LONG.get(utf8, at));
    }
    for (; at < utf8.length; at++) {
      special |= special((utf8[at] & 0xff) | ~0xffL);
    }
    return special == 0;
  }

  /** Returns 0 if none of these eight bytes is a control, a quote or a backslash. */
  private static long special(long eight) {
    long quotes = eight ^ '"' * ONE_EACH;
    long backslashes = eight ^ '\\' * ONE_EACH;
    return (((eight - ' ' * ONE_EACH) & ~eight)
            | ((quotes - ONE_EACH) & ~quotes)
            | ((backslashes - ONE_EACH) & ~backslashes))
        & HIGH_BITS;
  }

  /** Appends a number that is not negative. */
  public JsonBuffer number(long value) {
    if (value < 10) {
      return raw((char) ('0' + value));
    }
    int digits = 1;
    for (long bound = 10; digits < DIGITS_OF_LONG && value >= bound; bound *= 10) {
      digits++;
    }
    ensure(digits);
    int at = size + digits;
    long rest = value;
    while (rest >= 10) {
      int pair = 2 * (int) (rest % 100);
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      rest /= 100;
    }
    if (at > size) {
      bytes[size] = (byte) ('0' + rest);
    }
    size += digits;
    return this;
  }

  /** Appends an IPv4 address in dotted decimal, unquoted. */
  JsonBuffer dotted(int v4Bits) {
    ensure(4 * Integer.BYTES);
    octet(v4Bits >>> 24);
    octet(v4Bits >>> 16 & 0xff);
    octet(v4Bits >>> 8 & 0xff);
    octet(v4Bits & 0xff);
    size--;
    return this;
  }

  /** Appends an octet and a dot, in room for four bytes. */
  private void octet(int octet) {
    INT.set(bytes, size, DOTTED_OCTETS[octet]);
    size += OCTET_DIGITS[octet] + 1;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
