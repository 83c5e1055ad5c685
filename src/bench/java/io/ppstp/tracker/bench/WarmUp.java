package io.ppstp.tracker.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Loads a server until its figures are steady: processor time per request differs little from
 * window to window, and the JIT compiler has little left to do. Immutable.
 *
 * <p>On few cores the compiler and the load take turns: while both run, the compiler gets the lesser
 * part, and the nodes of a cluster would take minutes. So the load pauses after each window in which
 * the compiler was busy, until its queue is empty.
 *
 * @param windowMs length of a window
 * @param mostMs after how long it is given up for a server of one process; the outcome says so
 * @param morePerProcessMs how much longer for each further process, whose compiler has as much to do
 */
record WarmUp(long windowMs, long mostMs, long morePerProcessMs) {
  /** Windows in a row that must agree. */
  static final int WINDOWS = 3;

  /** How far the dearest of these windows may be above the cheapest. */
  static final double MOST_CHANGE = 0.05;

  /** The part of the processor time that the compiler may have in the last window. */
  static final double MOST_JIT_SHARE = 0.03;

  private static final long SETTLE_MS = 500;
  private static final long LOOK_MS = 250;
  private static final int MOST_LOOKS = 20;

  /** What the compiler may use while nothing is asked, of one core, and still counts as idle. */
  private static final double IDLE_JIT = 0.08;

  /**
   * What came of it, and how things stood at the end.
   *
   * @param load all that was answered
   * @param change how far the dearest of the last windows was above the cheapest, 0.05 for 5 %,
   *     infinite if there were fewer
   * @param jitShare the compiler's part of the processor time in the last window
   */
  record Outcome(Load load, double seconds, boolean steady, double change, double jitShare) {
    /** Returns how things stood at the end, for people. */
    String standing() {
      String changed =
          Double.isInfinite(change)
              ? "there were too few windows to compare"
              : String.format(Locale.ROOT, "CPU per request changed by %.0f %%", change * 100);
      return String.format(
          Locale.ROOT,
          "after %.0f s of warm-up %s, the JIT compiler's share of CPU was %.0f %%",
          seconds,
          changed,
          jitShare * 100);
    }
  }

  /**
   * Loads a server that {@code session} asks.
   *
   * @param name for messages
   * @param pids of the server's processes
   * @throws IllegalStateException if an answer is not as it should be
   */
  Outcome run(String name, Session session, List<Long> pids) {
    List<Double> micros = new ArrayList<>();
    Load all = session.swap();
    long startNs = System.nanoTime();
    long mostNs =
        TimeUnit.MILLISECONDS.toNanos(mostMs + (pids.size() - 1) * morePerProcessMs);
    double change;
    double jitShare;
    boolean steady;
    do {
      session.start();
      Contest.sleep(SETTLE_MS);
      ProcessAccount before = ProcessAccount.of(pids);
      Load window = session.swap();
      Contest.sleep(windowMs);
      ProcessAccount.Usage used = ProcessAccount.of(pids).since(before);
      session.swap();
      session.stop();
      window.check(name + " while warming up");
      all.add(window);
      micros.add((double) used.cpuMicros() / window.total());
      change = change(micros);
      jitShare = used.jitShare();
      steady = change <= MOST_CHANGE && jitShare <= MOST_JIT_SHARE;
      if (jitShare > MOST_JIT_SHARE) {
        awaitIdleCompiler(pids);
      }
    } while (!steady && System.nanoTime() - startNs < mostNs);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    return new Outcome(all, seconds, steady, change, jitShare);
  }

  private static void awaitIdleCompiler(List<Long> pids) {
    ProcessAccount before = ProcessAccount.of(pids);
    for (int look = 0; look < MOST_LOOKS; look++) {
      Contest.sleep(LOOK_MS);
      ProcessAccount now = ProcessAccount.of(pids);
      if (now.since(before).jitMicros() < LOOK_MS * 1000 * IDLE_JIT) {
        return;
      }
      before = now;
    }
  }

  private static double change(List<Double> micros) {
    if (micros.size() < WINDOWS) {
      return Double.POSITIVE_INFINITY;
    }
    List<Double> last = micros.subList(micros.size() - WINDOWS, micros.size());
    return Collections.max(last) / Collections.min(last) - 1;
  }
}
