package io.ppstp.tracker.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One run: nodes, load, faults one after another, and the checks. Confined to one thread. */
final class ChaosRun implements AutoCloseable {
  static final Duration WHOLE = Duration.ofMinutes(2);

  private final ChaosOptions options;
  private final Consumer<String> out;
  private final long startNs = System.nanoTime();
  private final Findings findings = new Findings();
  private final NodeClient client = new NodeClient();
  private final Map<FaultKind, Integer> done = new EnumMap<>(FaultKind.class);
  private final FaultPlan plan;
  private final ChaosCluster cluster;
  private final ChaosLoad load;
  private final FaultInjector injector;

  ChaosRun(ChaosOptions options, Hosts hosts, Consumer<String> out) {
    this.options = options;
    this.out = out;
    SplittableRandom random = new SplittableRandom(options.seed());
    this.plan = new FaultPlan(options.deck(), options.gap(), random.split());
    this.cluster = new ChaosCluster(hosts, Long.toString(options.seed()));
    this.load = new ChaosLoad(options, random.split(), client, findings);
    this.injector = new FaultInjector(cluster, hosts, load, options);
  }

  ChaosReport run() throws Exception {
    for (int host = 1; host <= options.nodes(); host++) {
      cluster.start(host);
    }
    cluster.awaitWhole(WHOLE);
    load.setTargets(cluster.nodes());
    tell(options.nodes() + " nodes are one cluster");
    long firstNs = System.nanoTime();
    load.resume();
    while (System.nanoTime() - firstNs < options.duration().toNanos()) {
      Fault fault = plan.next();
      if (injector.canDo(fault.kind())) {
        done.merge(fault.kind(), 1, Integer::sum);
        suffer(fault);
      }
    }
    load.pause();
    FaultInjector.pass(options.settle());
    check();
    if (!isClean() && !options.linger().isZero()) {
      tell("found so far: " + findings.summary());
      FaultInjector.pass(options.linger());
      Findings still = new Findings();
      checkInto(still);
      tell("still there after " + options.linger() + ": " + still.summary());
    }
    return report();
  }

  private void suffer(Fault fault) throws Exception {
    FaultInjector.pass(fault.gap());
    long beginNs = System.nanoTime();
    long before = load.requests();
    String what = injector.inject(fault);
    long undoneNs = System.nanoTime();
    cluster.awaitWhole(WHOLE);
    tell(
        "%s: undone after %d ms, whole %d ms later; %d requests meanwhile; so far %s"
            .formatted(
                what,
                (undoneNs - beginNs) / 1_000_000,
                (System.nanoTime() - undoneNs) / 1_000_000,
                load.requests() - before,
                findings.summary()));
    if (options.checkEach()) {
      load.pause();
      FaultInjector.pass(options.settle());
      check();
      load.resume();
    }
  }

  private void check() throws Exception {
    checkInto(findings);
    tell("checked: " + findings.summary());
  }

  private void checkInto(Findings into) throws Exception {
    for (ChaosNode node : cluster.nodes()) {
      new NodeCheck(load.peers(), client, into, node).run();
    }
    new CountCheck(cluster.nodes(), into).run(load.peers());
  }

  private boolean isClean() {
    for (Findings.Kind kind : Findings.Kind.values()) {
      boolean counts = kind != Findings.Kind.LATE || options.lateFails();
      if (counts && findings.count(kind) > 0) {
        return false;
      }
    }
    return true;
  }

  private ChaosReport report() {
    String summary =
        "chaos: seed %d: faults %s, %d requests, %d repeats, %s"
            .formatted(options.seed(), done, load.requests(), load.repeats(), findings.summary());
    return new ChaosReport(isClean(), summary, findings.details());
  }

  private void tell(String what) {
    long ms = (System.nanoTime() - startNs) / 1_000_000;
    out.accept("chaos %4d.%03d s %s".formatted(ms / 1000, ms % 1000, what));
  }

  @Override
  public void close() throws IOException {
    load.close();
    cluster.close();
  }
}
