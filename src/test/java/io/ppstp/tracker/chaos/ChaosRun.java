package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.FaultPlan.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
  private long wholeNs = startNs;

  ChaosRun(ChaosOptions options, Hosts hosts, Consumer<String> out) {
    this.options = options;
    this.out = out;
    SplittableRandom random = new SplittableRandom(options.seed());
    this.plan = new FaultPlan(options.deck(), options.gap(), random.split());
    this.cluster = new ChaosCluster(hosts, Long.toString(options.seed()));
    this.load = new ChaosLoad(options, random.split(), client, findings);
    this.injector = new FaultInjector(cluster, hosts, load, options);
  }

  /** Runs to the end, or until the cluster fails altogether. */
  ChaosReport run() {
    try {
      start();
      long firstNs = System.nanoTime();
      while (System.nanoTime() - firstNs < options.duration().toNanos()) {
        Fault fault = plan.next();
        if (injector.canDo(fault.kind())) {
          done.merge(fault.kind(), 1, Integer::sum);
          suffer(fault);
        }
      }
      if (!options.checkEach()) {
        check();
      }
      if (!isClean() && !options.linger().isZero()) {
        linger();
      }
    } catch (Exception | AssertionError e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      findings.add(Findings.Kind.CLUSTER, String.valueOf(e.getMessage()), "\n" + trace);
    }
    return report();
  }

  private void start() throws Exception {
    cluster.startFirst(options.nodes());
    cluster.awaitWhole(WHOLE);
    load.setTargets(cluster.nodes());
    tell(options.nodes() + " nodes are one cluster");
    load.resume();
  }

  private void suffer(Fault fault) throws Exception {
    FaultInjector.pass(fault.gap());
    long beginNs = System.nanoTime();
    long before = load.requests();
    String what = injector.inject(fault);
    long undoneNs = System.nanoTime();
    cluster.awaitWhole(WHOLE);
    wholeNs = System.nanoTime();
    tell(
        "%s: undone after %d ms, whole %d ms later; %d requests meanwhile; so far %s"
            .formatted(
                what,
                (undoneNs - beginNs) / 1_000_000,
                (wholeNs - undoneNs) / 1_000_000,
                load.requests() - before,
                findings.summary()));
    if (options.checkEach()) {
      check();
      load.resume();
    }
  }

  /**
   * Checks all nodes again and again until nothing is wrong or the time to settle is over. What
   * peers are told of themselves has to be right at once.
   */
  private void check() throws Exception {
    load.pause();
    long beginNs = System.nanoTime();
    Findings last;
    boolean isOver;
    do {
      isOver = System.nanoTime() - wholeNs >= options.settle().toNanos();
      last = found();
    } while (!isOver && !last.isEmpty() && last.count(Findings.Kind.DENIED) == 0);
    findings.addAll(last);
    tell(
        "checked in %d ms, %d ms after: %s; so far %s"
            .formatted(
                (System.nanoTime() - beginNs) / 1_000_000,
                (System.nanoTime() - wholeNs) / 1_000_000,
                last.isEmpty() ? "nothing" : last.summary(),
                findings.summary()));
  }

  private Findings found() throws Exception {
    Findings found = new Findings();
    for (ChaosNode node : cluster.nodes()) {
      new NodeCheck(load.peers(), client, found, node).run();
    }
    if (options.counts()) {
      new CountCheck(cluster.nodes(), found).run(load.peers());
    }
    return found;
  }

  private void linger() throws Exception {
    load.pause();
    FaultInjector.pass(options.linger());
    tell("still there after " + options.linger() + ": " + found().summary());
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
