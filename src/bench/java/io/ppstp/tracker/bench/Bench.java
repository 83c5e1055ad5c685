package io.ppstp.tracker.bench;

import io.ppstp.tracker.bench.Options.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * The command that measures. Arguments:
 *
 * <ul>
 *   <li>names of {@link Part}s to run only those;
 *   <li>{@code --quick} for a short run with rough figures;
 *   <li>{@code --cluster-set=key=value}, {@code --cluster-jvm=-Dname=value}, {@code
 *       --cluster-property=name=value}, each as often as need be: a setting of the tracker, an option
 *       of Java, a property of Hazelcast for all nodes of the clusters under test;
 *   <li>{@code --warm-up=SECONDS} for how long a server of one process may take to be steady; each
 *       further one may take 30 s more;
 *   <li>{@code --to=FOLDER} for where the results go;
 *   <li>instead of all these, {@code --jmh} and a pattern for the inner parts, or {@code --profile},
 *       and perhaps {@code mix}, {@code cluster} or {@code webtorrent}, for where the time goes.
 * </ul>
 */
public final class Bench {
  private static final String METHOD =
      """
      All servers of a table run at the same time, each in processes of its own, and are measured one
      after another in rounds that alternate, so that noise of the machine hits all; a figure is the
      median of its rounds, a ratio the median of the ratios of each round. Every figure per request
      is the sum over all nodes of a server, and the load goes to all of them alike. CPU is the
      kernel's account of the server's processes. The load comes from one thread on the same machine
      over 64 connections, each with one ready-made request at a time, which waits for the answer and
      checks it; so requests/s is what the machine bears besides it. The limit is a Vert.x server that
      reads the request and sends constant bytes, as many as the tracker answers that kind of request
      with in the same mix. The memory of all that run in Java is in pages of 2 MB, as far as the
      kernel allows (-XX:+UseTransparentHugePages). Lists hold 29 peers, the most that RFC 7846 allows; those that BitTorrent
      clients announce themselves for hold 30, in the compact form. opentracker closes the connection after each answer.

      Context switches and system calls depend less on the host than CPU does. Context switches are
      `voluntary_ctxt_switches` and `nonvoluntary_ctxt_switches` of `/proc/PID/task/*/status`: how
      often a thread went to wait and another got its core. Those of a thread that ended within a round
      are missing. The system calls are `syscr` + `syscw` of `/proc/PID/io`, and those are **not all**:
      the kernel counts there read, write, pread, pwrite, readv, writev, and the like, and neither the
      calls that only sockets have (send, recv, sendmsg, recvmsg), nor those that wait (epoll_wait,
      futex), nor any other. Of a Vert.x server these are the writing of an answer or of a message to
      another node, and the waking of an event loop by another thread and its noticing (eventfd); what
      it reads from sockets is not counted (recv). Hazelcast's reading and writing are both counted.

      A server is warmed up with its own load until it is steady: in %d windows in a row of a few
      seconds the dearest CPU per request is at most %.0f %% above the cheapest, and in the last of them
      the JIT compiler (the threads C1 and C2 CompilerThread) had at most %.0f %% of the CPU. If that
      does not come within a bound, the server is measured all the same and the table says so.

      The live mix of one connection is a ring of 1000 requests of 100 viewers: 600 STAT_REPORT, 300
      FIND, 50 switches of channel (CONNECT with LEAVE and JOIN) by 25 of the viewers, and 25 arrivals
      and departures of 25 others. That of the zapping mix: 400 switches, 4 by each viewer, 50 arrivals
      and departures of 50 others, 250 FIND, 250 STAT_REPORT. In all there are 6400 viewers in 100
      swarms. All requests of a viewer come over one connection, so to one node.

      Over WebSocket there are 200 viewers in 10 swarms, each with a socket of its own, who announce
      themselves with 5 offers of 880 characters (5 kB in all) as soon as the last announce was
      answered; the offers go to others of them, who count them and do not answer. At most 1000 offers
      a second for each member, so that all trackers deliver what they get.
      """
          .formatted(WarmUp.WINDOWS, WarmUp.MOST_CHANGE * 100, WarmUp.MOST_JIT_SHARE * 100);

  private static final int SMALL_SWARM = 1000;
  private static final int CROWD = 5000;

  private Bench() {}

  /** Runs what {@code args} name. */
  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    if (words.contains("--jmh")) {
      Micro.run(words.subList(words.indexOf("--jmh") + 1, words.size()));
      System.exit(0);
    }
    if (words.contains("--profile")) {
      Path folder = Files.createDirectories(Path.of("target", "bench"));
      if (words.contains("webtorrent")) {
        WebTorrentTrial.profile(folder);
      } else {
        Profile.run(words.contains("cluster") ? 1 : 0, words.contains("mix"), words.contains("read"), folder);
      }
      System.exit(0);
    }
    Options options = Options.of(words);
    Files.createDirectories(options.folder());
    Results results = new Results();
    run(options, results);
    String command = "mvn -q -Pbench -DskipTests verify";
    String given = String.join(" ", words);
    results.write(
        options.folder(),
        given.isEmpty() ? command : command + " -Dbench.args=\"" + given + "\"",
        METHOD);
    System.exit(0);
  }

  private static void run(Options options, Results results) throws Exception {
    Set<Part> parts = options.parts();
    Scale scale = options.scale();
    if (parts.contains(Part.LADDER)) {
      ladder(Comparison.LADDER, options, results);
    }
    if (parts.contains(Part.LOCAL)) {
      ladder(Comparison.LOCAL, options, results);
    }
    if (parts.contains(Part.LIMIT)) {
      ladder(Comparison.LIMIT, options, results);
      ladder(Comparison.ZAPPING_LIMIT, options, results);
    }
    if (parts.contains(Part.ANNOUNCES)) {
      ladder(Comparison.ANNOUNCES, options, results);
    }
    if (parts.contains(Part.CLUSTER)) {
      ladder(Comparison.CLUSTER, options, results);
    }
    if (parts.contains(Part.MEANS)) {
      ladder(Comparison.TWO, options, results);
    }
    if (parts.contains(Part.ZAPPING)) {
      ladder(Comparison.ZAPPING, options, results);
    }
    if (parts.contains(Part.ZAPPING_MEANS)) {
      ladder(Comparison.ZAPPING_TWO, options, results);
    }
    if (parts.contains(Part.MEMORY)) {
      memory(options, results);
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
    if (parts.contains(Part.COLD_START)) {
      new ColdStartTrial(scale).run(results);
    }
    if (parts.contains(Part.FLASH_CROWD)) {
      new FlashCrowdTrial(options.cluster()).run(results);
    }
    if (parts.contains(Part.EVENTS)) {
      try (EventReaderTrial trial = new EventReaderTrial(scale)) {
        trial.run(results);
      }
    }
    if (parts.contains(Part.SELECTION)) {
      for (int members : List.of(SMALL_SWARM, scale.manyPeers())) {
        try (SelectionTrial trial = new SelectionTrial(scale, members)) {
          trial.run(results);
        }
      }
    }
    if (parts.contains(Part.PAGES)) {
      PageTrial.run(scale, results);
    }
    if (parts.contains(Part.WEBTORRENT)) {
      webtorrent(options, results);
    }
  }

  private static void webtorrent(Options options, Results results) throws Exception {
    try (WebTorrentTrial trial = new WebTorrentTrial(options.scale(), options.cluster())) {
      trial.run(results);
    }
    CrowdTrial.Outcome crowd = new CrowdTrial(CROWD).run();
    String what = CROWD + " viewers come to one channel within 10 s: ";
    results.atLeast(what + "have had an offer or an answer", crowd.met(), CROWD, " viewers");
    results.atMost(what + "until then, the last of them", crowd.slowestSeconds(), 30, " s");
    results.atMost(what + "offers to one viewer per second", crowd.mostOffers(), 10, "");
    results.atMost(what + "bytes that wait for sockets", crowd.mostUnsentBytes() / 1e6, 16, " MB");
    int viewers = options.scale().idleViewers();
    results.atMost(
        "heap per idle viewer, " + viewers + " WebSockets that have announced themselves",
        WebTorrentTrial.heapPerViewer(viewers, options.scale()) / 1000,
        18,
        " kB");
  }

  private static void ladder(Comparison comparison, Options options, Results results)
      throws Exception {
    try (Ladder ladder = new Ladder(comparison, options.scale(), options.cluster(), options.before())) {
      ladder.run();
      Mix mix = comparison.mix();
      results.table("FIND of 29 peers", ladder.finds());
      results.table(mix.name() + ": " + mix.shares(), ladder.mixes());
      results.table("Announce of 30 peers, compact", ladder.announces());
      LadderGoals goals = new LadderGoals(results);
      if (comparison.finds()) {
        results.chart("FIND of 29 peers", ladder.finds());
      }
      results.chart(mix.name(), ladder.mixes());
      if (mix.equals(Mix.ZAPPING)) {
        goals.judgeZapping(ladder);
      } else {
        goals.judgeLive(ladder);
      }
      if (comparison.others()) {
        goals.judgeOthers(ladder);
        Load half = ladder.atHalfLoad();
        results.atMost("p99 at half of the highest load, live mix, local", half.ms(99), 10, " ms");
      }
    }
  }

  private static void memory(Options options, Results results) throws Exception {
    int peers = options.scale().manyPeers();
    MemoryTrial trial = new MemoryTrial(peers, options.cluster());
    String what = "heap per LEECH, " + peers + " peers in 1000 swarms, ";
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
