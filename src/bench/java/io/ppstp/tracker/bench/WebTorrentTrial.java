package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Viewers in browsers: what an announce with offers costs, beside npm's tracker, how long an offer
 * takes to its receiver, and what a viewer takes of the heap. Confined to one thread.
 */
final class WebTorrentTrial implements AutoCloseable {
  private static final int VIEWERS = 200;
  private static final int SWARMS = 10;
  private static final int OFFERS = 5;
  private static final int IDLE_SWARMS = 150;

  private final Scale scale;
  private final Servers servers;
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> contests = new LinkedHashMap<>();

  WebTorrentTrial(Scale scale, ClusterOptions options) throws Exception {
    this.scale = scale;
    this.servers = new Servers("2g", options);
  }

  private static final List<String> SETTINGS =
      List.of(
          "webtorrent.enabled=true",
          "webtorrent.offers-per-second=1000",
          "webtorrent.ping-interval=1h",
          "webtorrent.idle-timeout=24h",
          "limits.connections.total=20000");

  private TrackerProcess.Builder tracker() {
    TrackerProcess.Builder tracker = servers.tracker();
    for (String setting : SETTINGS) {
      tracker.set(ClusterOptions.key(setting), ClusterOptions.value(setting));
    }
    return tracker;
  }

  private static Server server(String name, List<TrackerProcess> nodes) {
    List<Target> targets = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    for (TrackerProcess node : nodes) {
      targets.add(Target.webSocket(node.http().getPort()));
      pids.add(node.pid());
    }
    return new Server(name, targets, pids);
  }

  private void add(Server server) {
    Plan plan =
        ViewerScript.plan(VIEWERS, SWARMS, server.targets(), OFFERS, Integer.MAX_VALUE);
    contests.put(server.name(), new Contest(server.name(), server, generator, plan));
  }

  /** Measures, and notes what it came to. */
  void run(Results results) throws Exception {
    add(server(Ladder.LOCAL, List.of(servers.start(tracker()))));
    Optional<Server> npm = servers.bittorrentTracker(true);
    npm.ifPresent(this::add);
    String two = Ladder.cluster(2);
    add(server(two, servers.cluster(2, "bench-webtorrent", SETTINGS)));
    for (Contest contest : contests.values()) {
      Bench.tell("warming up: " + contest.name());
      Bench.tell(contest.warmUp(scale.warmUp()).standing());
    }
    for (int round = 1; round <= scale.rounds(); round++) {
      Bench.tell("round " + round + " of " + scale.rounds());
      for (Contest contest : contests.values()) {
        contest.round(scale.roundMs());
      }
    }
    results.table("Announces with " + OFFERS + " offers over WebSocket", contests);
    Contest local = contests.get(Ladder.LOCAL);
    Contest cluster = contests.get(two);
    Contest other = contests.get(Ladder.BITTORRENT);
    if (local == null || cluster == null) {
      throw new IllegalStateException("not measured");
    }
    String announces = "announces with " + OFFERS + " offers per CPU, against ";
    if (other == null) {
      results.missing(announces + Ladder.BITTORRENT, Ladder.BITTORRENT + " is not installed");
    } else {
      results.atLeast(announces + Ladder.BITTORRENT, other.cpuAgainst(local), 3, "x");
    }
    contests.values().forEach(WebTorrentTrial::tellOffers);
    Load half = cluster.atRate(cluster.perSecond() / 2, scale.halfLoadMs());
    String offer = "p99 of an offer to its receiver at half of the highest load, ";
    results.atMost(offer + "same node", half.offersHereNs.getValueAtPercentile(99) / 1e6, 20, " ms");
    results.atMost(
        offer + "other node", half.offersThereNs.getValueAtPercentile(99) / 1e6, 40, " ms");
  }

  /** Tells where the time of announces with offers goes. */
  static void profile(Path folder) throws Exception {
    try (WebTorrentTrial trial = new WebTorrentTrial(Scale.FULL, ClusterOptions.NONE)) {
      TrackerProcess node = trial.servers.start(trial.tracker());
      trial.add(server(Ladder.LOCAL, List.of(node)));
      for (Contest contest : trial.contests.values()) {
        Profile.record(contest, node.pid(), folder);
      }
    }
  }

  /** What is not delivered costs nothing, so all should have delivered as many. */
  private static void tellOffers(Contest contest) {
    Load load = contest.load();
    long offers = load.offersHereNs.getTotalCount() + load.offersThereNs.getTotalCount();
    Bench.tell(
        "%s: %.2f offers delivered for each announce, %.0f announces/s"
            .formatted(contest.name(), (double) offers / load.total(), contest.perSecond()));
  }

  /** Returns the bytes of heap for each of as many viewers that have announced themselves once. */
  static double heapPerViewer(int viewers, Scale scale) throws Exception {
    try (WebTorrentTrial trial = new WebTorrentTrial(scale, ClusterOptions.NONE)) {
      TrackerProcess node = trial.servers.start(trial.tracker());
      Server server = server(Ladder.LOCAL, List.of(node));
      // What the first sockets load is not theirs.
      long before;
      try (Session first =
          trial.generator.session(
              server.targets(), ViewerScript.plan(100, 1, server.targets(), 0, 1))) {
        first.runOut().check("the first viewers");
        before = LiveHeap.bytes(node.pid());
        Plan plan = ViewerScript.plan(viewers, IDLE_SWARMS, server.targets(), 0, 1);
        try (Session all = trial.generator.session(server.targets(), plan)) {
          all.runOut().check("idle viewers");
          return (double) (LiveHeap.bytes(node.pid()) - before) / viewers;
        }
      }
    }
  }

  @Override
  public void close() {
    contests.values().forEach(Contest::close);
    generator.close();
    servers.close();
  }
}
