package io.ppstp.tracker.tap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How events are put together, and how much is held; immutable.
 *
 * @param bytes of a batch, save for one line that is longer
 * @param events of a batch
 * @param age how long the first event of a batch may wait for others; none wait if it is zero
 * @param mostBytes of all that waits for the output
 */
public record BatchRules(int bytes, int events, Duration age, long mostBytes) {
  /** For outputs that take any bytes at any time. */
  private static final int STREAM_BYTES = 256 << 10;

  private static final int LEAST_BYTES = 1 << 10;
  private static final int MOST_BATCH_BYTES = 256 << 20;
  private static final int BATCHES_HELD = 4;

  /** Returns the rules of an output that takes any bytes at any time. */
  public static BatchRules ofStream(long mostBytes) {
    return new BatchRules(STREAM_BYTES, Integer.MAX_VALUE, Duration.ZERO, mostBytes);
  }

  /** Returns what is wrong with this, in words for the user; nothing if all is well. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (bytes < LEAST_BYTES || bytes > MOST_BATCH_BYTES) {
      faults.add("--batch-bytes must be from 1KiB to 256MiB");
    } else if (mostBytes < (long) BATCHES_HELD * bytes) {
      faults.add("--memory must be " + (long) BATCHES_HELD * bytes + " at least, four batches");
    }
    if (events < 1) {
      faults.add("--batch-events must be at least 1");
    }
    return faults;
  }
}
