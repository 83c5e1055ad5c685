package io.ppstp.tracker.bench;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What a load came to. Confined to the generator's thread while it grows.
 */
final class Load {
  private static final long LONGEST_NS = 120_000_000_000L;

  final long[] answers;
  final long[] bodyBytes;
  final Histogram latencyNs = new Histogram(LONGEST_NS, 3);

  /** From an announce to the receiver of one of its offers, at the same node. */
  final Histogram offersHereNs = new Histogram(LONGEST_NS, 3);

  /** The same, where the receiver is at another node. */
  final Histogram offersThereNs = new Histogram(LONGEST_NS, 3);

  /** Answers after which the request was sent again; its one answer is the last. */
  long repeats;

  /** Requests that failed, or that failed again when they were repeated once. */
  long failed;

  /** Those of them that got no answer. */
  long lost;

  long errors;
  String firstError = "";

  Load(int kinds) {
    answers = new long[kinds];
    bodyBytes = new long[kinds];
  }

  /** Returns how many answers came, good and bad. */
  long total() {
    return Arrays.stream(answers).sum();
  }

  /** Returns the mean length of the answers of a kind. */
  int meanBody(int kind) {
    return answers[kind] == 0 ? 0 : Math.toIntExact(bodyBytes[kind] / answers[kind]);
  }

  /** Returns whether there are that many answers of every kind. */
  boolean hasAll(int enough) {
    return Arrays.stream(answers).allMatch(count -> count >= enough);
  }

  void add(int kind, long tookNs, int body) {
    answers[kind]++;
    bodyBytes[kind] += body;
    latencyNs.recordValue(Math.min(tookNs, LONGEST_NS));
  }

  void offer(long tookNs, boolean sameNode) {
    Histogram histogram = sameNode ? offersHereNs : offersThereNs;
    histogram.recordValue(Math.max(0, Math.min(tookNs, LONGEST_NS)));
  }

  void error(String what) {
    if (errors++ == 0) {
      firstError = what;
    }
  }

  /**
   * Holds that all answers were as they should be.
   *
   * @param whose for the message
   */
  void check(String whose) {
    if (errors > 0) {
      throw new IllegalStateException(whose + ": " + errors + " errors, first: " + firstError);
    }
  }

  void add(Load other) {
    for (int kind = 0; kind < answers.length; kind++) {
      answers[kind] += other.answers[kind];
      bodyBytes[kind] += other.bodyBytes[kind];
    }
    latencyNs.add(other.latencyNs);
    offersHereNs.add(other.offersHereNs);
    offersThereNs.add(other.offersThereNs);
    repeats += other.repeats;
    failed += other.failed;
    lost += other.lost;
    errors += other.errors;
    if (firstError.isEmpty()) {
      firstError = other.firstError;
    }
  }

  /** Returns a percentile in milliseconds. */
  double ms(double percentile) {
    return latencyNs.getValueAtPercentile(percentile) / 1e6;
  }
}
