package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs peers that somebody listens to the events of a node: the live mix at nodes that
 * differ in who listens. Confined to one thread.
 */
final class EventReaderTrial implements AutoCloseable {
  private static final String NOBODY_CAN = "no readers allowed";
  private static final String NOBODY = "nobody listens";
  private static final String ALL = "one reader of all";
  private static final String SAMPLE = "one reader of 1 %";
  private static final String STUCK = "one reader that stopped";

  private final Scale scale;
  private final Audience audience;
  private final Servers servers = new Servers("1g");
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> contests = new LinkedHashMap<>();
  private final List<Process> readers = new ArrayList<>();

  EventReaderTrial(Scale scale) throws Exception {
    this.scale = scale;
    this.audience = new Audience(scale.connections(), 100, 100);
  }

  private TrackerProcess add(String name, boolean readable) throws Exception {
    TrackerProcess.Builder command = servers.tracker();
    if (!readable) {
      command.set("events.readers", 0);
    }
    TrackerProcess node = servers.start(command);
    List<Target> targets = List.of(Target.plain(node.http().getPort()));
    try (Session arrival = generator.session(targets, audience.arrival())) {
      arrival.runOut().check(name);
    }
    Server server = new Server(name, targets, List.of(node.pid()));
    contests.put(name, new Contest(name, server, generator, audience.mix(Mix.LIVE)));
    return node;
  }

  /** Starts a process of its own that reads events and throws them away. */
  static Process reader(TrackerProcess node, String query) throws IOException {
    String url = node.management().uri().resolve("/api/v1/events" + query).toString();
    Process reader =
        new ProcessBuilder("curl", "-sN", url)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(reader::destroyForcibly));
    return reader;
  }

  /** Measures, and notes what it came to. */
  void run(Results results) throws Exception {
    add(NOBODY_CAN, false);
    add(NOBODY, true);
    readers.add(reader(add(ALL, true), ""));
    readers.add(reader(add(SAMPLE, true), "?sample=0.01"));
    Rounds.run(contests.values(), scale);
    results.table("Live mix, and who listens to events", contests);
    atMost(results, NOBODY, NOBODY_CAN, 1.01);
    atMost(results, ALL, NOBODY, 1.15);
    atMost(results, SAMPLE, NOBODY, 1.02);
    stopped(results);
  }

  private void atMost(Results results, String one, String other, double most) {
    Contest dearer = contests.get(one);
    Contest cheaper = contests.get(other);
    if (dearer != null && cheaper != null) {
      results.atMost(
          "CPU per request, live mix, " + one + " against: " + other,
          dearer.cpuAgainst(cheaper),
          most,
          "x");
    }
  }

  /** What peers notice of a reader that reads no more: the same node before and meanwhile. */
  private void stopped(Results results) throws Exception {
    Contest contest = contests.get(ALL);
    if (contest == null) {
      throw new IllegalStateException("not measured");
    }
    double rate = contest.perSecond() / 2;
    double before = contest.atRate(rate, scale.halfLoadMs()).ms(99);
    new ProcessBuilder("kill", "-STOP", Long.toString(readers.get(0).pid())).start().waitFor();
    double meanwhile = contest.atRate(rate, scale.halfLoadMs()).ms(99);
    results.atMost(
        "p99 of peers at half of the highest load, " + STUCK + " against one that reads",
        meanwhile / before,
        1.2,
        "x");
  }

  @Override
  public void close() {
    readers.forEach(Process::destroyForcibly);
    contests.values().forEach(Contest::close);
    generator.close();
    servers.close();
  }
}
