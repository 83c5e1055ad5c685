package io.ppstp.tracker.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/**
 * The command that measures. Arguments: {@code --quick} for a short run with rough figures, names
 * of {@link Part}s to run only those; {@code --jmh} and a pattern for the inner parts; {@code
 * --profile}, and perhaps {@code mix} or {@code cluster}, for where the time goes.
 */
public final class Bench {
  private static final String METHOD =
      """
      All servers run at the same time, each in processes of its own, and are measured one after
      another in rounds that alternate, so that noise of the machine hits all; a figure is the median
      of its rounds, a ratio the median of the ratios of each round. CPU is the kernel's account of the
      server's processes, of all nodes together. The load comes from one thread on the same machine
      over 64 connections, each with one ready-made request at a time, which waits for the answer and
      checks it; so requests/s is what the machine bears besides it. The limit is a Vert.x server that
      reads the request and sends constant bytes, as many as the tracker answers that kind of request
      with. Lists hold 29 peers, the most that RFC 7846 allows; those of the BitTorrent trackers hold 30,
      in the compact form. opentracker closes the connection after each answer.
      """;

  private Bench() {}

  /** What can be measured by itself. */
  enum Part {
    LADDER,
    MEMORY,
    GIANT,
    EXPIRY,
    SILENCE
  }

  /** Runs what {@code args} name. */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    if (words.contains("--jmh")) {
      Micro.run(words.subList(words.indexOf("--jmh") + 1, words.size()));
      System.exit(0);
    }
    if (words.contains("--profile")) {
      Path folder = Files.createDirectories(Path.of("target", "bench"));
      int nodes = words.contains("cluster") ? 1 : 0;
      Profile.run(nodes, words.contains("mix"), folder);
      System.exit(0);
    }
    boolean quick = words.contains("--quick");
    Set<Part> parts = new TreeSet<>();
    for (String word : words) {
      if (!word.equals("--quick")) {
        parts.add(Part.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    }
    boolean all = parts.isEmpty();
    Path folder = Path.of(all && !quick ? "src/bench" : "target/bench");
    Files.createDirectories(folder);
    Results results = new Results();
    run(
        all ? new TreeSet<>(List.of(Part.values())) : parts,
        quick ? Scale.QUICK : Scale.FULL,
        results,
        folder);
    String command = "mvn -q -Pbench -DskipTests verify";
    String given = String.join(" ", words);
    results.write(
        folder.resolve("RESULTS.md"),
        given.isEmpty() ? command : command + " -Dbench.args=\"" + given + "\"",
        METHOD);
    tell("written: " + folder.resolve("RESULTS.md"));
    System.exit(0);
  }

  private static void run(Set<Part> parts, Scale scale, Results results, Path folder)
      throws Exception {
    if (parts.contains(Part.LADDER)) {
      ladder(scale, results, folder);
    }
    if (parts.contains(Part.MEMORY)) {
      memory(scale, results);
    }
    if (parts.contains(Part.GIANT)) {
      GiantSwarmTrial.Outcome giant = new GiantSwarmTrial(scale).run();
      results.atMost(
          "JOIN, FIND and LEAVE in a swarm of "
              + scale.manyPeers()
              + " against one of 1000, CPU per request",
          giant.ratio(),
          1.3,
          "x");
    }
    if (parts.contains(Part.EXPIRY)) {
      Histogram ticks = ExpiryTrial.run(scale.manyPeers());
      results.atMost(
          "tick of the expiry with " + scale.manyPeers() + " peers, none due: p99",
          ticks.getValueAtPercentile(99) / 1e6,
          1,
          " ms");
    }
    if (parts.contains(Part.SILENCE)) {
      silence(scale, results);
    }
  }

  private static void ladder(Scale scale, Results results, Path folder) throws Exception {
    try (Ladder ladder = new Ladder(scale)) {
      ladder.run();
      results.table("FIND of 29 peers", ladder.finds());
      results.table("Live mix: 60 % STAT_REPORT, 30 % FIND, 10 % CONNECT", ladder.mixes());
      results.table("Announce of 30 peers, compact", ladder.announces());
      Map<String, Map<String, Contest>> groups = new LinkedHashMap<>();
      groups.put("FIND of 29 peers, server CPU per request", ladder.finds());
      groups.put("Live mix, server CPU per request", ladder.mixes());
      Chart.write(folder.resolve("ladder.svg"), groups);
      ladder.judge(results);
      Load half = ladder.atHalfLoad();
      results.atMost("p99 at half of the highest load, live mix, local", half.ms(99), 10, " ms");
    }
  }

  private static void memory(Scale scale, Results results) throws Exception {
    MemoryTrial trial = new MemoryTrial(scale.manyPeers());
    String what = "heap per LEECH, " + scale.manyPeers() + " peers in 1000 swarms, ";
    results.atMost(what + "local", trial.local(), 400, " bytes");
    results.atMost(what + "per replica in a cluster of two", trial.replica(), 500, " bytes");
  }

  private static void silence(Scale scale, Results results) throws Exception {
    SilenceTrial.Outcome outcome = new SilenceTrial(scale.silentPeers(), 60).run();
    String what = scale.silentPeers() + " peers fall silent at once: ";
    results.atMost(what + "p99 of 5000 others", outcome.load().ms(99), 50, " ms");
    results.atMost(
        what + "time until all have expired",
        outcome.tookSeconds(),
        outcome.allowedSeconds(),
        " s");
  }

  static void tell(String line) {
    System.out.println(line);
  }
}
