package io.ppstp.tracker.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Feeds damaged and made-up bytes to what reads messages of other nodes. A reader may understand
 * them or refuse them in the ways that its caller is ready for; anything else fails the test, and
 * so does taking much more memory than the bytes themselves do, as readers do that believe a
 * length. Confined to one thread.
 */
public final class ByteFuzz {
  /** Numbers that lengths, counts and times go wrong at. */
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    0xffff,
    0x10_0000,
    0x7fff_ffff,
    -0x8000_0000L,
    0xffff_ffffL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 100
  };

  /** What an exception with its stack trace, and a reader's own buffers, may take. */
  private static final long SPARE_BYTES = 512 * 1024;

  private static final int BYTES_PER_BYTE = 64;

  private final SplittableRandom random;
  private final Predicate<Throwable> expected;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads a message, all by itself and on this thread. */
  @FunctionalInterface
  public interface Reader {
    /** Reads {@code bytes}; the result does not matter. */
    void read(byte[] bytes) throws Exception;
  }

  /** Makes one whose readers may fail with what is {@code expected}. */
  public ByteFuzz(SplittableRandom random, Predicate<Throwable> expected) {
    this.random = random;
    this.expected = expected;
  }

  /**
   * Has {@code reader} read each of the good messages, each cut at each place, and {@code rounds}
   * damaged ones.
   */
  public void run(List<byte[]> good, int rounds, Reader reader) throws Exception {
    for (byte[] message : good) {
      // Classes are loaded and buffers made by this, which is not the messages' fault.
      reader.read(message);
      for (int length = 0; length < message.length; length++) {
        check(Arrays.copyOf(message, length), reader);
      }
    }
    for (int round = 0; round < rounds; round++) {
      byte[] message = good.get(random.nextInt(good.size()));
      for (int left = random.nextInt(1, 4); left > 0; left--) {
        message = damaged(message);
      }
      check(message, reader);
    }
  }

  private void check(byte[] message, Reader reader) {
    long before = threads.getCurrentThreadAllocatedBytes();
    Throwable failure = null;
    try {
      reader.read(message);
    } catch (Exception | Error e) {
      failure = e;
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    if (failure != null && !expected.test(failure)) {
      throw new AssertionError("on reading " + HexFormat.of().formatHex(message), failure);
    }
    if (taken > SPARE_BYTES + (long) BYTES_PER_BYTE * message.length) {
      throw new AssertionError(
          taken + " bytes were taken to read " + HexFormat.of().formatHex(message));
    }
  }

  private byte[] damaged(byte[] message) {
    int at = random.nextInt(message.length + 1);
    return switch (random.nextInt(7)) {
      case 0 -> flipped(message, at);
      case 1 -> Arrays.copyOf(message, at);
      case 2 -> spliced(message, at, random.nextInt(at, message.length + 1), new byte[0]);
      case 3 -> spliced(message, at, at, randomBytes());
      case 4 -> randomBytes();
      case 5 -> overwritten(message, at, Integer.BYTES);
      default -> overwritten(message, at, Long.BYTES);
    };
  }

  private byte[] flipped(byte[] message, int at) {
    byte[] flipped = message.clone();
    if (at < message.length) {
      flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return flipped;
  }

  private static byte[] spliced(byte[] message, int from, int to, byte[] piece) {
    return ByteBuffer.allocate(message.length - (to - from) + piece.length)
        .put(message, 0, from)
        .put(piece)
        .put(message, to, message.length - to)
        .array();
  }

  private byte[] overwritten(byte[] message, int at, int width) {
    byte[] overwritten = message.clone();
    byte[] number =
        ByteBuffer.allocate(Long.BYTES).putLong(NUMBERS[random.nextInt(NUMBERS.length)]).array();
    int length = Math.min(width, message.length - at);
    System.arraycopy(number, Long.BYTES - width, overwritten, at, length);
    return overwritten;
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }
}
