package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the first two minutes of a node are like: from the start of its process until it is ready,
 * and then under a third of the load that it bears when it is warm. Confined to one thread.
 */
final class ColdStartTrial {
  private static final int WINDOWS = 12;
  private static final String SECONDS = "20s";

  private final Scale scale;
  private final long windowMs;
  private final Audience audience;

  /** What a node cost until it was ready, and after that window by window. */
  private record Outcome(
      double readySeconds, double readyCpuSeconds, double warmCpuSeconds, List<Window> windows) {}

  /** The answers that were due within a window, and the processor time meanwhile. */
  private record Window(double p99Ms, double cpuMicros, double jitShare) {}

  ColdStartTrial(Scale scale) {
    this.scale = scale;
    this.windowMs = scale.roundMs() * 5 / 2;
    this.audience = new Audience(scale.connections(), 100, 100);
  }

  /** Measures, and notes what it came to. */
  void run(Results results) throws Exception {
    double rate;
    double steadyMs;
    try (Servers servers = new Servers("1g");
        LoadGenerator generator = new LoadGenerator()) {
      TrackerProcess node = servers.start(servers.tracker());
      List<Target> targets = List.of(Target.plain(node.http().getPort()));
      try (Session arrival = generator.session(targets, audience.arrival())) {
        arrival.runOut().check("arrival");
      }
      Server server = new Server("steady", targets, List.of(node.pid()));
      try (Contest contest =
          new Contest("steady", server, generator, audience.mix(Mix.LIVE))) {
        Bench.tell("warming up: steady");
        contest.warmUp(scale.warmUp());
        contest.round(scale.roundMs());
        rate = contest.perSecond() / 3;
        steadyMs = contest.atRate(rate, windowMs).ms(99);
      }
    }
    Bench.tell("a third of what a warm node bears is %.0f requests/s".formatted(rate));
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put("nothing", cold(rate, false, "0s"));
    outcomes.put("archive", cold(rate, true, "0s"));
    outcomes.put("warm-up", cold(rate, false, SECONDS));
    Outcome both = cold(rate, true, SECONDS);
    outcomes.put("archive and warm-up", both);
    results.text(table(outcomes, rate, steadyMs));
    results.atMost(
        "cold start with archive and warm-up: p99 in the first 10 s after ready, against steady",
        both.windows().get(0).p99Ms() / steadyMs,
        3,
        "x");
    Outcome nothing = outcomes.get("nothing");
    Outcome archive = outcomes.get("archive");
    if (nothing != null && archive != null) {
      results.atMost(
          "CPU from start to ready and warm with an archive, against without",
          archive.warmCpuSeconds() / nothing.warmCpuSeconds(),
          0.5,
          "x");
    }
  }

  private Outcome cold(double rate, boolean archive, String warmUp) throws Exception {
    try (Servers servers = new Servers("1g");
        LoadGenerator generator = new LoadGenerator()) {
      TrackerProcess.Builder command = servers.tracker().set("startup.warm-up", warmUp);
      if (!archive) {
        command.withoutClassArchive();
      }
      long startNs = System.nanoTime();
      TrackerProcess node = servers.start(command);
      double readySeconds = (System.nanoTime() - startNs) / 1e9;
      List<Long> pids = List.of(node.pid());
      ProcessAccount.Usage start = ProcessAccount.of(pids).since(ProcessAccount.NOTHING);
      List<Target> targets = List.of(Target.plain(node.http().getPort()));
      List<Window> windows = new ArrayList<>();
      double jitMicros = start.jitMicros();
      try (Session arrival = generator.session(targets, audience.arrival());
          Session mix = generator.session(targets, audience.mix(Mix.LIVE))) {
        ProcessAccount before = ProcessAccount.of(pids);
        // Who asks has to be there first; the few that are not yet wait for their turn.
        arrival.start(rate / 2);
        Contest.sleep((long) (audience.viewers() / (rate / 2) * 1000) + 1000);
        arrival.stop();
        Load load = mix.swap();
        mix.start(rate);
        for (int i = 0; i < WINDOWS; i++) {
          Contest.sleep(windowMs);
          Load window = load;
          load = mix.swap();
          window.check("cold start");
          ProcessAccount now = ProcessAccount.of(pids);
          ProcessAccount.Usage used = now.since(before);
          before = now;
          jitMicros += used.jitMicros();
          windows.add(
              new Window(
                  window.ms(99),
                  (double) used.cpuMicros() / Math.max(1, window.total()),
                  used.jitShare()));
        }
        mix.stop();
      }
      double ready = start.cpuMicros() / 1e6;
      // What the compiler used later would have been used by then, had it been allowed to finish.
      double warm = ready + (jitMicros - start.jitMicros()) / 1e6;
      return new Outcome(readySeconds, ready, warm, windows);
    }
  }

  private String table(Map<String, Outcome> outcomes, double rate, double steadyMs) {
    StringBuilder table = new StringBuilder("### Cold start\n\n");
    table.append(
        String.format(
            Locale.ROOT,
            "At %.0f requests/s of the live mix, a third of what the node bears when warm; its p99 is"
                + " %.2f ms then. Windows of %.1f s from the moment at which 6400 viewers had arrived.\n\n",
            rate,
            steadyMs,
            windowMs / 1e3));
    table.append("| with | ready after s | CPU s until ready | with what the compiler used after that |");
    table.append(" p99 ms, window by window | CPU µs/request | JIT, % of CPU |\n");
    table.append("| --- ".repeat(7)).append("|\n");
    outcomes.forEach(
        (name, outcome) -> {
          StringJoiner p99 = new StringJoiner(" ");
          StringJoiner cpu = new StringJoiner(" ");
          StringJoiner jit = new StringJoiner(" ");
          for (Window window : outcome.windows()) {
            p99.add(String.format(Locale.ROOT, "%.1f", window.p99Ms()));
            cpu.add(String.format(Locale.ROOT, "%.0f", window.cpuMicros()));
            jit.add(String.format(Locale.ROOT, "%.0f", window.jitShare() * 100));
          }
          table.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %.1f | %.1f | %.1f | %s | %s | %s |\n",
                  name,
                  outcome.readySeconds(),
                  outcome.readyCpuSeconds(),
                  outcome.warmCpuSeconds(),
                  p99,
                  cpu,
                  jit));
        });
    return table.toString();
  }
}
