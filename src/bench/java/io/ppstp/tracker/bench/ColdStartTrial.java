package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/**
 * What the first two minutes of a node are like: from the start of its process until it is ready,
 * and then under a third of the load that it bears when it is warm. Confined to one thread.
 */
final class ColdStartTrial {
  private static final int WINDOWS = 24;
  private static final String SECONDS = "20s";
  private static final String CHART = "cold-start.svg";

  private final Scale scale;
  private final long windowMs;
  private final Audience audience;

  /**
   * What a node cost until it was ready, and after that window by window.
   *
   * @param first what was due in the first two windows together
   */
  private record Outcome(
      double readySeconds,
      double readyCpuSeconds,
      double warmCpuSeconds,
      Load first,
      List<Window> windows) {}

  /** The answers that were due within a window, and what the node used meanwhile. */
  private record Window(
      double endSeconds, double perSecond, Load load, ProcessAccount.Usage used) {
    double perRequest(long amount) {
      return (double) amount / Math.max(1, load.total());
    }
  }

  ColdStartTrial(Scale scale) {
    this.scale = scale;
    this.windowMs = scale.roundMs() * 5 / 4;
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
        steadyMs = contest.atRate(rate, 2 * windowMs).ms(99);
      }
    }
    Bench.tell("a third of what a warm node bears is %.0f requests/s".formatted(rate));
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    Outcome nothing = cold(rate, false, "0s");
    outcomes.put("nothing", nothing);
    Outcome archive = cold(rate, true, "0s");
    outcomes.put("archive", archive);
    Outcome both = cold(rate, true, SECONDS);
    outcomes.put("archive and warm-up", both);
    results.text(table(outcomes, rate, steadyMs));
    results.file(CHART, chart(outcomes, rate, steadyMs));
    results.atMost(
        String.format(
            Locale.ROOT,
            "cold start with archive and warm-up: p99 in the first %.0f s after ready, against steady",
            2 * windowMs / 1e3),
        both.first().ms(99) / steadyMs,
        3,
        "x");
    results.atMost(
        "CPU from start to ready and warm with an archive, against without",
        archive.warmCpuSeconds() / nothing.warmCpuSeconds(),
        0.5,
        "x");
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
      double readySeconds = secondsSince(startNs);
      List<Long> pids = List.of(node.pid());
      ProcessAccount.Usage start = ProcessAccount.of(pids).since(ProcessAccount.NOTHING);
      List<Target> targets = List.of(Target.plain(node.http().getPort()));
      Load first = new Load(Kind.values().length);
      List<Window> windows = new ArrayList<>();
      double jitMicros = start.jitMicros();
      try (Session arrival = generator.session(targets, audience.arrival());
          Session mix = generator.session(targets, audience.mix(Mix.LIVE))) {
        ProcessAccount before = ProcessAccount.of(pids);
        // Who asks has to be there first.
        arrival.start(rate / 2);
        while (arrival.ended() < audience.viewers()) {
          Contest.sleep(10);
        }
        arrival.stop();
        Load load = mix.swap();
        mix.start(rate);
        long windowNs = System.nanoTime();
        while (secondsSince(startNs) < WINDOWS * windowMs / 1e3) {
          Contest.sleep(windowMs);
          Load window = load;
          load = mix.swap();
          double lasted = secondsSince(windowNs);
          windowNs = System.nanoTime();
          window.check("cold start");
          ProcessAccount now = ProcessAccount.of(pids);
          ProcessAccount.Usage used = now.since(before);
          before = now;
          jitMicros += used.jitMicros();
          if (windows.size() < 2) {
            first.add(window);
          }
          windows.add(
              new Window(secondsSince(startNs), window.total() / lasted, window, used));
        }
        mix.stop();
      }
      double ready = start.cpuMicros() / 1e6;
      // What the compiler used later would have been used by then, had it been allowed to finish.
      double warm = ready + (jitMicros - start.jitMicros()) / 1e6;
      return new Outcome(readySeconds, ready, warm, first, windows);
    }
  }

  private static double secondsSince(long startNs) {
    return (System.nanoTime() - startNs) / 1e9;
  }

  private static String chart(Map<String, Outcome> outcomes, double rate, double steadyMs) {
    Map<String, List<CurveChart.Point>> answered = new LinkedHashMap<>();
    Map<String, List<CurveChart.Point>> slow = new LinkedHashMap<>();
    outcomes.forEach(
        (name, outcome) -> {
          answered.put(name, points(outcome, Window::perSecond));
          slow.put(name, points(outcome, window -> window.load().ms(99)));
        });
    return CurveChart.draw(
        "The first two minutes of a node",
        "seconds since the start of its process",
        List.of(
            new CurveChart.Panel("requests/s, of so many asked", answered, rate, false),
            new CurveChart.Panel("p99 in ms, beside that of a warm node", slow, steadyMs, true)));
  }

  private static List<CurveChart.Point> points(Outcome outcome, ToDoubleFunction<Window> figure) {
    return outcome.windows().stream()
        .map(window -> new CurveChart.Point(window.endSeconds(), figure.applyAsDouble(window)))
        .toList();
  }

  private String table(Map<String, Outcome> outcomes, double rate, double steadyMs) {
    StringBuilder table = new StringBuilder("### Cold start\n\n![Cold start](" + CHART + ")\n\n");
    table.append(
        String.format(
            Locale.ROOT,
            "At %.0f requests/s of the live mix, a third of what the node bears when warm; its p99 is"
                + " %.2f ms then. Windows of %.1f s from the moment at which 6400 viewers had arrived,"
                + " until %.0f s after the start of the process.\n\n",
            rate,
            steadyMs,
            windowMs / 1e3,
            WINDOWS * windowMs / 1e3));
    table.append("| with | ready after s | CPU s until ready | with what the compiler used after that |");
    table.append(" p99 ms, window by window | requests/s | CPU µs/request | JIT, % of CPU |");
    table.append(" context switches/request | read- and write-like system calls/request |\n");
    table.append("| --- ".repeat(10)).append("|\n");
    outcomes.forEach(
        (name, outcome) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %s | %s | %s | %s | %s | %s |\n",
                    name,
                    outcome.readySeconds(),
                    outcome.readyCpuSeconds(),
                    outcome.warmCpuSeconds(),
                    row(outcome, "%.1f", window -> window.load().ms(99)),
                    row(outcome, "%.0f", Window::perSecond),
                    row(outcome, "%.0f", window -> window.perRequest(window.used().cpuMicros())),
                    row(outcome, "%.0f", window -> window.used().jitShare() * 100),
                    row(
                        outcome,
                        "%.2f",
                        window ->
                            window.perRequest(
                                window.used().voluntary() + window.used().involuntary())),
                    row(outcome, "%.2f", window -> window.perRequest(window.used().calls())))));
    return table.toString();
  }

  private static String row(Outcome outcome, String format, ToDoubleFunction<Window> figure) {
    StringJoiner row = new StringJoiner(" ");
    for (Window window : outcome.windows()) {
      row.add(String.format(Locale.ROOT, format, figure.applyAsDouble(window)));
    }
    return row.toString();
  }
}
