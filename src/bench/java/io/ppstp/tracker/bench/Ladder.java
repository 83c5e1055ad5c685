package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The comparison proper: the servers of a {@link Comparison}, started together, warmed up one after
 * another and measured round by round in turn. Confined to one thread.
 */
final class Ladder implements AutoCloseable {
  static final String BARE = "bare Vert.x";
  static final String LOCAL = "local";

  /** An earlier release. */
  static final String BEFORE = "local, before";

  static final String HTTPS = "local, HTTPS";
  static final String OPENTRACKER = "opentracker";
  static final String BITTORRENT = "bittorrent-tracker";

  /** Answers of a kind from which their mean length is taken. */
  private static final int ENOUGH = 100;

  /** The largest cluster that gets FIND alone. */
  private static final int MOST_NODES_FOR_FIND = 2;

  private static final List<String> NUMBERS = List.of("none", "one", "two", "three", "four");

  private final Comparison comparison;
  private final Scale scale;
  private final Optional<Path> before;
  private final Audience audience;
  private final Servers servers;
  private final LoadGenerator generator = new LoadGenerator();
  private final Map<String, Contest> finds = new LinkedHashMap<>();
  private final Map<String, Contest> mixes = new LinkedHashMap<>();
  private final Map<String, Contest> announces = new LinkedHashMap<>();

  Ladder(Comparison comparison, Scale scale, ClusterOptions options, Optional<Path> before)
      throws Exception {
    this.comparison = comparison;
    this.before = before;
    this.scale = scale;
    this.audience = new Audience(scale.connections(), 100, 100);
    this.servers = new Servers("2g", options);
  }

  /** Returns what a cluster is called in the results. */
  static String cluster(int nodes) {
    return "cluster of " + NUMBERS.get(nodes);
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
    TrackerProcess.Builder tracker = servers.tracker();
    if (comparison.finds()) {
      tracker.set("https.enabled", true).set("https.port", 0).set("https.self-signed", true);
    }
    if (comparison.others()) {
      tracker.set("bittorrent.enabled", true);
    }
    TrackerProcess local = servers.start(tracker);
    List<Long> pid = List.of(local.pid());
    Server plain = new Server(LOCAL, List.of(Target.plain(local.http().getPort())), pid);
    arrive(plain);
    Contest mix = new Contest(LOCAL, plain, generator, audience.mix(comparison.mix()));
    if (comparison.limit()) {
      Server bare = servers.bare(bodies(mix));
      contest(mixes, bare, audience.mix(comparison.mix()));
      if (comparison.finds()) {
        contest(finds, bare, audience.finds());
      }
    }
    mixes.put(LOCAL, mix);
    if (before.isPresent()) {
      TrackerProcess earlier = servers.start(servers.tracker().jar(before.get()));
      Target target = Target.plain(earlier.http().getPort());
      Server server = new Server(BEFORE, List.of(target), List.of(earlier.pid()));
      arrive(server);
      contest(mixes, server, audience.mix(comparison.mix()));
    }
    if (comparison.finds()) {
      contest(finds, plain, audience.finds());
      // Its own guests would meet those of the plain plan, which shares the state.
      Server tls = new Server(HTTPS, List.of(Target.https(local.https().getPort())), pid);
      contest(finds, tls, audience.finds());
    }
    for (int nodes : comparison.clusters()) {
      boolean finds = comparison.finds() && nodes <= MOST_NODES_FOR_FIND;
      addCluster(cluster(nodes), nodes, finds, List.of());
    }
    for (Comparison.Variant variant : comparison.variants()) {
      addCluster(cluster(2) + ", " + variant.name(), 2, false, variant.settings());
    }
    if (comparison.others()) {
      addOthers(plain);
    }
    measure();
  }

  /** Returns how long the answers to each kind are, from a warm-up of {@code mix}. */
  private int[] bodies(Contest mix) {
    Load sample = warmUp(mix).load();
    while (!sample.hasAll(ENOUGH)) {
      sample.add(warmUp(mix).load());
    }
    int[] bodies = new int[Kind.values().length];
    for (Kind kind : Kind.values()) {
      bodies[kind.number()] = sample.meanBody(kind.number());
      Bench.tell("mean answer to " + kind + ": " + bodies[kind.number()] + " bytes");
    }
    return bodies;
  }

  private void addCluster(String name, int nodes, boolean finds, List<String> settings)
      throws Exception {
    List<Target> targets = new ArrayList<>();
    List<Long> pids = new ArrayList<>();
    for (TrackerProcess node : servers.cluster(nodes, "bench-" + mixes.size(), settings)) {
      targets.add(Target.plain(node.http().getPort()));
      pids.add(node.pid());
    }
    Server cluster = new Server(name, targets, pids);
    arrive(cluster);
    contest(mixes, cluster, audience.mix(comparison.mix()));
    if (finds) {
      contest(this.finds, cluster, audience.finds());
    }
  }

  private void addOthers(Server local) throws Exception {
    Announces plan = new Announces(audience);
    contest(announces, local, plan.plan());
    Optional<Server> opentracker = servers.opentracker(plan);
    opentracker.ifPresent(server -> contest(announces, server, plan.plan()));
    Optional<Server> bittorrent = servers.bittorrentTracker(false);
    bittorrent.ifPresent(server -> contest(announces, server, plan.plan()));
  }

  private void arrive(Server server) {
    try (Session session = generator.session(server.targets(), audience.arrival())) {
      Load load = session.runOut();
      load.check(server.name() + ": arrival");
      tellRepeats(load);
      if (load.total() != audience.viewers()) {
        throw new IllegalStateException(server.name() + ": only " + load.total() + " arrived");
      }
    }
  }

  private void tellRepeats(Load load) {
    if (load.repeats > 0) {
      Bench.tell("answered with 04 or 05 and repeated: " + load.repeats + servers.errors());
    }
  }

  private void contest(Map<String, Contest> group, Server server, Plan plan) {
    group.put(server.name(), new Contest(server.name(), server, generator, plan));
  }

  private WarmUp.Outcome warmUp(Contest contest) {
    Bench.tell("warming up: " + contest.name());
    WarmUp.Outcome outcome = contest.warmUp(scale.warmUp());
    Bench.tell((outcome.steady() ? "steady " : "NOT STEADY ") + outcome.standing());
    tellRepeats(outcome.load());
    return outcome;
  }

  private void measure() {
    List<Contest> all = new ArrayList<>();
    all.addAll(finds.values());
    all.addAll(mixes.values());
    all.addAll(announces.values());
    for (Contest contest : all) {
      if (!contest.isSteady()) {
        warmUp(contest);
      }
    }
    for (int round = 1; round <= scale.rounds(); round++) {
      Bench.tell("round " + round + " of " + scale.rounds());
      for (Contest contest : all) {
        contest.round(scale.roundMs());
      }
    }
  }

  /** Returns what half of the highest load of the mix came to on the tracker alone. */
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
