package io.ppstp.tracker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures one plan against one server, round after round. Rounds of several contests are meant to
 * alternate, so that whatever else the machine does hits all of them. Confined to one thread.
 */
final class Contest implements AutoCloseable {
  private static final long SETTLE_MS = 500;

  /** What one round came to. */
  private record Round(ProcessAccount.Usage used, long answers, double seconds) {
    double perRequest(long amount) {
      return (double) amount / answers;
    }

    double cpuMicros() {
      return perRequest(used.cpuMicros());
    }

    double perSecond() {
      return answers / seconds;
    }
  }

  private final String name;
  private final Server server;
  private final Session session;
  private final Load all;
  private final List<Round> rounds = new ArrayList<>();
  private WarmUp.@Nullable Outcome warmUp;

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
   * Loads the server until it is steady; nothing is counted.
   *
   * @throws IllegalStateException if an answer is not as it should be
   */
  WarmUp.Outcome warmUp(WarmUp bounds) {
    WarmUp.Outcome outcome = bounds.run(name, session, server.pids());
    warmUp = outcome;
    return outcome;
  }

  /** Returns what the last warm-up came to, null if there was none. */
  WarmUp.@Nullable Outcome warmUp() {
    return warmUp;
  }

  /** Returns whether the server was warm before it was measured. */
  boolean isSteady() {
    return warmUp != null && warmUp.steady();
  }

  /** Measures for a while. */
  void round(long ms) {
    session.swap();
    session.start();
    sleep(SETTLE_MS);
    // Both ends in the same order, so that the account takes as long as the load does.
    ProcessAccount before = ProcessAccount.of(server.pids());
    Load load = session.swap();
    long startNs = System.nanoTime();
    sleep(ms);
    ProcessAccount.Usage used = ProcessAccount.of(server.pids()).since(before);
    session.swap();
    double seconds = (System.nanoTime() - startNs) / 1e9;
    session.stop();
    load.check(name);
    rounds.add(new Round(used, load.total(), seconds));
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

  /** Returns the processor time per request, in microseconds. */
  double cpuMicros() {
    return median(Round::cpuMicros);
  }

  double perSecond() {
    return median(Round::perSecond);
  }

  /** Returns the context switches per request. */
  double switches() {
    return median(round -> round.perRequest(round.used.voluntary() + round.used.involuntary()));
  }

  /** Returns those of {@link #switches} that were involuntary. */
  double involuntarySwitches() {
    return median(round -> round.perRequest(round.used.involuntary()));
  }

  /** Returns the system calls of the kinds read and write per request. */
  double calls() {
    return median(round -> round.perRequest(round.used.calls()));
  }

  /** Returns the JIT compiler's part of the processor time, from 0 to 1. */
  double jitShare() {
    return median(round -> round.used.jitShare());
  }

  /** Returns all rounds together. */
  Load load() {
    return all;
  }

  /** Returns the median over the rounds of how much more processor time this took. */
  double cpuAgainst(Contest other) {
    return medianRatio(other, Round::cpuMicros);
  }

  /** Returns the median over the rounds of how many more requests this served. */
  double rateAgainst(Contest other) {
    return medianRatio(other, Round::perSecond);
  }

  private double medianRatio(Contest other, ToDoubleFunction<Round> figure) {
    return median(
        IntStream.range(0, rounds.size())
            .mapToDouble(
                i ->
                    figure.applyAsDouble(rounds.get(i))
                        / figure.applyAsDouble(other.rounds.get(i))));
  }

  private double median(ToDoubleFunction<Round> figure) {
    return median(rounds.stream().mapToDouble(figure));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
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
