package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What it brings that Java's memory is in pages of two megabytes ({@link Servers#HUGE_PAGES}), which
 * all servers of the other parts have, against pages of four kilobytes. Confined to one thread.
 */
final class PageTrial implements AutoCloseable {
  private static final String HUGE = "huge pages";
  private static final String SMALL = "small pages";
  private static final Path KERNEL = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private final Scale scale;
  private final Audience audience;
  private final Servers huge = new Servers("2g");
  private final Servers small =
      new Servers("2g", ClusterOptions.NONE, Servers.SMALL_PAGES);
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> contests = new LinkedHashMap<>();

  private PageTrial(Scale scale, Audience audience) throws Exception {
    this.scale = scale;
    this.audience = audience;
  }

  /** Measures the mixes, alone and in a cluster of two, and lists of a large swarm. */
  static void run(Scale scale, Results results) throws Exception {
    results.text("Kernel: `" + Files.readString(KERNEL).strip() + "` in `" + KERNEL + "`.\n");
    Audience viewers = new Audience(scale.connections(), 100, 100);
    for (Mix mix : List.of(Mix.LIVE, Mix.ZAPPING)) {
      for (int nodes : List.of(0, 2)) {
        String title = mix.name() + ", " + (nodes == 0 ? "one node alone" : Ladder.cluster(nodes));
        try (PageTrial trial = new PageTrial(scale, viewers)) {
          trial.measure(title, nodes, () -> viewers.mix(mix), results);
        }
      }
    }
    int members = scale.manyPeers();
    Audience crowd = new Audience(scale.connections(), members / scale.connections(), 1);
    try (PageTrial trial = new PageTrial(scale, crowd)) {
      trial.measure("FIND of 29 in a swarm of " + members, 0, crowd::finds, results);
    }
  }

  /** A server goes its own way through a plan, so that each needs one. */
  private void measure(String title, int nodes, Supplier<Plan> plan, Results results)
      throws Exception {
    add(SMALL, small, nodes, plan.get());
    add(HUGE, huge, nodes, plan.get());
    Rounds.run(contests.values(), scale);
    results.table(title, contests);
    Contest less = contests.get(HUGE);
    Contest more = contests.get(SMALL);
    if (less == null || more == null) {
      throw new IllegalStateException("not measured");
    }
    results.atMost(
        title + ", CPU per request with huge pages against small ones",
        less.cpuAgainst(more),
        1,
        "x");
  }

  private void add(String name, Servers servers, int nodes, Plan plan) throws Exception {
    List<TrackerProcess> started =
        nodes == 0
            ? List.of(servers.start(servers.tracker()))
            : servers.cluster(nodes, "bench-" + contests.size());
    List<Target> targets = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    for (TrackerProcess node : started) {
      targets.add(Target.plain(node.http().getPort()));
      pids.add(node.pid());
    }
    try (Session arrival = generator.session(targets, audience.arrival())) {
      arrival.runOut().check(name);
    }
    Server server = new Server(name, targets, pids);
    contests.put(name, new Contest(name, server, generator, plan));
  }

  @Override
  public void close() {
    contests.values().forEach(Contest::close);
    generator.close();
    huge.close();
    small.close();
  }
}
