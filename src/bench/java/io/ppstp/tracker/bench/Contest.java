package io.ppstp.tracker.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures one plan against one server, round after round. Rounds of several contests are meant to
 * alternate, so that whatever else the machine does hits all of them. Confined to one thread.
 */
final class Contest implements AutoCloseable {
  private static final long SETTLE_MS = 500;
  private static final long LONGEST_WARM_UP_NS = TimeUnit.SECONDS.toNanos(60);

  private final String name;
  private final Server server;
  private final Session session;
  private final Load all;
  private final List<Double> cpuMicros = new ArrayList<>();
  private final List<Double> perSecond = new ArrayList<>();

  Contest(String name, Server server, LoadGenerator generator, Plan plan) {
    this.name = name;
    this.server = server;
    this.session = generator.session(server.targets(), plan);
    this.all = new Load(plan.kinds().size());
  }

  String name() {
    return name;
  }

  /**
   * Lets the server compile what is hot; nothing is counted.
   *
   * @param ms for at least so long
   * @param answers until there are so many, within reason
   */
  Load warmUp(long ms, long answers) {
    Load load = session.swap();
    session.start();
    long deadline = System.nanoTime() + LONGEST_WARM_UP_NS;
    sleep(ms);
    while (session.answers() < answers && System.nanoTime() - deadline < 0) {
      sleep(SETTLE_MS);
    }
    session.stop();
    if (load.errors > 0) {
      throw new IllegalStateException(
          name + ": " + load.errors + " errors while warming up, first: " + load.firstError);
    }
    return load;
  }

  /** Measures for a while. */
  void round(long ms) {
    session.swap();
    session.start();
    sleep(SETTLE_MS);
    Load load = session.swap();
    long cpu = Cpu.micros(server.pids());
    long start = System.nanoTime();
    sleep(ms);
    cpu = Cpu.micros(server.pids()) - cpu;
    double seconds = (System.nanoTime() - start) / 1e9;
    session.swap();
    session.stop();
    if (load.errors > 0) {
      throw new IllegalStateException(
          name + ": " + load.errors + " errors, first: " + load.firstError);
    }
    cpuMicros.add((double) cpu / load.total());
    perSecond.add(load.total() / seconds);
    all.add(load);
  }

  /** Sends at a fixed rate for a while and returns what came of it. */
  Load atRate(double rate, long ms) {
    session.swap();
    session.start(rate);
    sleep(SETTLE_MS * 2);
    Load load = session.swap();
    sleep(ms);
    session.swap();
    session.stop();
    return load;
  }

  static void sleep(long ms) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  double cpuMicros() {
    return median(cpuMicros);
  }

  double perSecond() {
    return median(perSecond);
  }

  /** Returns all rounds together. */
  Load load() {
    return all;
  }

  /** Returns the median over the rounds of how much more processor time this took. */
  double cpuAgainst(Contest other) {
    return medianRatio(cpuMicros, other.cpuMicros);
  }

  /** Returns the median over the rounds of how many more requests this served. */
  double rateAgainst(Contest other) {
    return medianRatio(perSecond, other.perSecond);
  }

  private static double medianRatio(List<Double> these, List<Double> those) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < these.size(); round++) {
      ratios.add(these.get(round) / those.get(round));
    }
    return median(ratios);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  @Override
  public void close() {
    session.close();
  }
}
