package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The comparison proper: limit, tracker alone, cluster of one, cluster of two, HTTPS, and the
 * trackers of BitTorrent, round by round in turn. Confined to one thread.
 */
final class Ladder implements AutoCloseable {
  static final String BARE = "bare Vert.x";
  static final String LOCAL = "local";
  static final String HTTPS = "local, HTTPS";
  static final String ONE = "cluster of one";
  static final String TWO = "cluster of two";
  static final String OPENTRACKER = "opentracker";
  static final String BITTORRENT = "bittorrent-tracker";

  /** Answers of a kind from which their mean length is taken. */
  private static final int ENOUGH = 100;

  private final Scale scale;
  private final Audience audience;
  private final Servers servers = new Servers("2g");
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> finds = new LinkedHashMap<>();
  private final Map<String, Contest> mixes = new LinkedHashMap<>();
  private final Map<String, Contest> announces = new LinkedHashMap<>();

  Ladder(Scale scale) throws Exception {
    this.scale = scale;
    this.audience = new Audience(scale.connections(), 100, 100);
  }

  Map<String, Contest> finds() {
    return finds;
  }

  Map<String, Contest> mixes() {
    return mixes;
  }

  Map<String, Contest> announces() {
    return announces;
  }

  /** Starts everything and measures. */
  void run() throws Exception {
    TrackerProcess local =
        servers.start(
            servers
                .tracker()
                .set("https.enabled", true)
                .set("https.port", 0)
                .set("https.self-signed", true));
    List<Long> pid = List.of(local.pid());
    Server plain = new Server(LOCAL, List.of(Target.plain(local.http().getPort())), pid);
    Server tls = new Server(HTTPS, List.of(Target.https(local.https().getPort())), pid);
    arrive(plain);
    Contest mix = new Contest(LOCAL, plain, generator, audience.mix());
    Load sample = mix.warmUp(scale.warmUpMs(), scale.warmUpAnswers());
    while (!sample.hasAll(ENOUGH)) {
      sample.add(mix.warmUp(scale.warmUpMs(), scale.warmUpAnswers()));
    }
    int[] bodies = new int[Kind.values().length];
    for (Kind kind : Kind.values()) {
      bodies[kind.number()] = sample.meanBody(kind.number());
    }
    Server bare = servers.bare(bodies);
    contest(mixes, bare, audience.mix());
    mixes.put(LOCAL, mix);
    contest(finds, bare, audience.finds());
    contest(finds, plain, audience.finds());
    // Its own guests would meet those of the plain plan, which shares the state.
    contest(finds, tls, audience.finds());
    if (scale.withCluster()) {
      addCluster(ONE, 1);
      addCluster(TWO, 2);
    }
    if (scale.withOthers()) {
      Announces plan = new Announces(audience);
      Optional<Server> opentracker = servers.opentracker(plan);
      opentracker.ifPresent(server -> contest(announces, server, plan.plan()));
      Optional<Server> bittorrent = servers.bittorrentTracker();
      bittorrent.ifPresent(server -> contest(announces, server, plan.plan()));
    }
    measure();
  }

  private void addCluster(String name, int nodes) throws Exception {
    List<Target> targets = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    for (TrackerProcess node : servers.cluster(nodes, "bench-" + nodes)) {
      targets.add(Target.plain(node.http().getPort()));
      pids.add(node.pid());
    }
    Server cluster = new Server(name, targets, pids);
    arrive(cluster);
    contest(mixes, cluster, audience.mix());
    contest(finds, cluster, audience.finds());
  }

  private void arrive(Server server) {
    try (Session session = generator.session(server.targets(), audience.arrival())) {
      Load load = session.runOut();
      if (load.errors > 0 || load.total() != audience.viewers()) {
        throw new IllegalStateException(
            server.name() + ": arrival failed: " + load.errors + " " + load.firstError);
      }
    }
  }

  private Contest contest(Map<String, Contest> group, Server server, Plan plan) {
    Contest contest = new Contest(server.name(), server, generator, plan);
    group.put(server.name(), contest);
    return contest;
  }

  private void measure() {
    List<Contest> all = new ArrayList<>();
    all.addAll(finds.values());
    all.addAll(mixes.values());
    all.addAll(announces.values());
    for (Contest contest : all) {
      Bench.tell("warming up: " + contest.name());
      contest.warmUp(scale.warmUpMs(), scale.warmUpAnswers());
    }
    for (int round = 1; round <= scale.rounds(); round++) {
      Bench.tell("round " + round + " of " + scale.rounds());
      for (Contest contest : all) {
        contest.round(scale.roundMs());
      }
    }
  }

  /** Holds the ratios to what they shall be. */
  void judge(Results results) {
    cpu(results, "FIND of 29 peers, local against bare Vert.x, CPU", finds, LOCAL, BARE, 1.6);
    cpu(results, "live mix, local against bare Vert.x, CPU", mixes, LOCAL, BARE, 1.6);
    cpu(results, "live mix, cluster of one against local, CPU", mixes, ONE, LOCAL, 1.4);
    cpu(results, "live mix, cluster of two against local, CPU", mixes, TWO, LOCAL, 2.0);
    cpu(results, "FIND of 29 peers, HTTPS against HTTP, CPU", finds, HTTPS, LOCAL, 1.5);
    rate(results, BITTORRENT, 10);
    rate(results, OPENTRACKER, 1.5);
  }

  private static void cpu(
      Results results,
      String what,
      Map<String, Contest> group,
      String name,
      String against,
      double most) {
    Contest contest = group.get(name);
    Contest other = group.get(against);
    if (contest != null && other != null) {
      results.atMost(what, contest.cpuAgainst(other), most, "x");
    }
  }

  private void rate(Results results, String name, double least) {
    String what = "FIND of 29 peers, requests/s against " + name;
    Contest other = announces.get(name);
    Contest local = finds.get(LOCAL);
    if (other == null || local == null) {
      results.missing(what, name + " is not installed");
    } else {
      results.atLeast(what, local.rateAgainst(other), least, "x");
    }
  }

  /** Returns what half of the highest load of the live mix came to, alone. */
  Load atHalfLoad() {
    Contest mix = mixes.get(LOCAL);
    if (mix == null) {
      throw new IllegalStateException("not measured yet");
    }
    return mix.atRate(mix.perSecond() / 2, scale.halfLoadMs());
  }

  @Override
  public void close() {
    generator.close();
    servers.close();
  }
}
