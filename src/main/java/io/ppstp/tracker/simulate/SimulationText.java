package io.ppstp.tracker.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Puts a simulation into words. Stateless. */
public final class SimulationText {
  private static final int BAR = 24;

  private SimulationText() {}

  /** Returns one line on how far a simulation is, and on what happened since {@code before}. */
  public static String progress(
      Simulation.Snapshot now, Simulation.Snapshot before, Duration whole) {
    double share = Math.min(1, (double) now.elapsed().toMillis() / whole.toMillis());
    int done = (int) Math.round(share * BAR);
    double seconds = Math.max(0.001, now.elapsed().minus(before.elapsed()).toMillis() / 1000.0);
    StringBuilder line = new StringBuilder("[");
    line.append("#".repeat(done)).append(".".repeat(BAR - done));
    line.append(String.format(Locale.ROOT, "] %3.0f %%  %d peers", share * 100, now.present()));
    for (int i = 0; i < now.requests().size(); i++) {
      RequestCount count = now.requests().get(i);
      long answered = count.answered() - before.requests().get(i).answered();
      line.append(String.format(Locale.ROOT, "  %s %.0f/s", count.type(), answered / seconds));
    }
    long refused = now.requests().stream().mapToLong(RequestCount::refused).sum();
    long failed = now.requests().stream().mapToLong(RequestCount::failed).sum();
    return line.append("  refused ").append(refused).append("  failed ").append(failed).toString();
  }

  /** Returns the table at the end. */
  public static List<String> summary(Simulation.Snapshot end) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "request           sent   answered   refused    failed    p50 ms    p99 ms  p99.9 ms"
            + "    max ms");
    Map<String, Long> refusals = new TreeMap<>();
    Map<String, Long> failures = new TreeMap<>();
    for (RequestCount count : end.requests()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-11s %10d %10d %9d %9d %9.2f %9.2f %9.2f %9.2f",
              count.type(),
              count.sent(),
              count.answered(),
              count.refused(),
              count.failed(),
              ms(count, 50),
              ms(count, 99),
              ms(count, 99.9),
              ms(count, 100)));
      count.refusals().forEach((code, times) -> refusals.merge(code, times, Long::sum));
      count.failures().forEach((why, times) -> failures.merge(why, times, Long::sum));
    }
    refusals.forEach((code, times) -> lines.add("refused with " + code + ": " + times));
    failures.forEach((why, times) -> lines.add("failed: " + times + " x " + why));
    if (end.open() > 0) {
      lines.add("no answer until the end: " + end.open());
    }
    return lines;
  }

  private static double ms(RequestCount count, double percentile) {
    return count.latencyNs().getValueAtPercentile(percentile) / 1e6;
  }

  /** Returns what a server used for the answers of a simulation. */
  public static String server(long pid, long cpuMicros, long answers, long residentKib) {
    return String.format(
        Locale.ROOT,
        "server process %d: %.1f CPU microseconds per request, %.1f CPU seconds, %d MiB resident",
        pid,
        answers == 0 ? 0 : (double) cpuMicros / answers,
        cpuMicros / 1e6,
        residentKib / 1024);
  }
}
