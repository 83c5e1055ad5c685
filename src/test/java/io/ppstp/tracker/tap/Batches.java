package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Batches for tests of outputs in other packages. Stateless. */
public final class Batches {
  private Batches() {}

  /** Returns a batch of these lines. */
  public static Batch of(String... lines) {
    return Batch.of((String.join("\n", lines) + "\n").getBytes(UTF_8), lines.length);
  }
}
