package io.ppstp.tracker.tap;

import java.util.Arrays;

/**
 * Makes lines of a stream of bytes, in bounded memory: a line that is too long is passed over, and
 * told of. Confined to one event loop.
 */
final class LineSplitter {
  private static final int SMALLEST = 1024;

  /** Takes lines. */
  interface Lines {
    /** Takes a line, which is not empty, without its end; the bytes are lent for this call. */
    void line(byte[] bytes, int from, int length);

    /** Takes note of one that was passed over. */
    void tooLong();
  }

  private final int longest;
  private final Lines lines;
  private byte[] begun = {};
  private int begunLength;
  private boolean skipping;

  /**
   * Makes one.
   *
   * @param longest bytes of a line without its end
   */
  LineSplitter(int longest, Lines lines) {
    this.longest = longest;
    this.lines = lines;
  }

  /** Takes the next bytes, which belong to the caller again afterwards. */
  void take(byte[] bytes) {
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        end(bytes, from, at - from);
        from = at + 1;
      }
    }
    begin(bytes, from, bytes.length - from);
  }

  /** Forgets a line that has begun: its end will not come. */
  void reset() {
    begun = new byte[0];
    begunLength = 0;
    skipping = false;
  }

  private void end(byte[] bytes, int from, int length) {
    if (skipping || begunLength > 0) {
      begin(bytes, from, length);
      if (!skipping) {
        lines.line(begun, 0, begunLength);
      }
      reset();
    } else if (length > longest) {
      lines.tooLong();
    } else if (length > 0) {
      lines.line(bytes, from, length);
    }
  }

  private void begin(byte[] bytes, int from, int length) {
    if (skipping || length == 0) {
      return;
    }
    if (begunLength + length > longest) {
      reset();
      skipping = true;
      lines.tooLong();
      return;
    }
    if (begunLength + length > begun.length) {
      int most = Math.max(SMALLEST, 2 * (begunLength + length));
      begun = Arrays.copyOf(begun, Math.min(longest, most));
    }
    System.arraycopy(bytes, from, begun, begunLength, length);
    begunLength += length;
  }
}
