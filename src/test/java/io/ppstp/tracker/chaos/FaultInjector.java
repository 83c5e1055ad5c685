package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.FaultPlan.Fault;
import io.ppstp.tracker.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Does faults to a cluster under load, and undoes them. Confined to one thread. */
final class FaultInjector {
  private static final Duration STAY = Duration.ofSeconds(3);

  /** Longer than the member timeout. */
  private static final Duration NOTICED = Duration.ofSeconds(6);

  private static final Duration PAIRS = Duration.ofSeconds(2);

  private final ChaosCluster cluster;
  private final Hosts hosts;
  private final ChaosLoad load;
  private final ChaosOptions options;

  FaultInjector(ChaosCluster cluster, Hosts hosts, ChaosLoad load, ChaosOptions options) {
    this.cluster = cluster;
    this.hosts = hosts;
    this.load = load;
    this.options = options;
  }

  /** Returns whether a fault can be done here. */
  boolean canDo(FaultKind kind) {
    return (kind != FaultKind.CUT && kind != FaultKind.APART) || hosts.canCut();
  }

  /** Waits, while the load goes on. */
  static void pass(Duration time) throws Exception {
    long startNs = System.nanoTime();
    Await.until("time", time.plusSeconds(60), () -> System.nanoTime() - startNs >= time.toNanos());
  }

  /**
   * Does a fault and undoes it; the cluster is about to become whole again when this returns.
   *
   * @return what was done to whom
   */
  String inject(Fault fault) throws Exception {
    List<ChaosNode> nodes = cluster.nodes();
    ChaosNode victim = nodes.get(fault.victim() % nodes.size());
    switch (fault.kind()) {
      case KILL -> replace(victim, fault, false);
      case TERMINATE -> replace(victim, fault, true);
      case PAUSE_2, PAUSE_8, PAUSE_14 -> pause(victim, fault.kind().pause());
      case CUT -> cut(List.of(victim), fault.length());
      case APART -> cut(nodes, fault.length().plus(NOTICED));
      case FOURTH -> {
        return comeAndGo();
      }
      case PAIRS_AND_KILL -> {
        load.setPairPercent(100);
        pass(PAIRS);
        replace(victim, fault, false);
        load.setPairPercent(options.pairPercent());
      }
      case NONE -> pass(fault.length());
    }
    return fault.kind() + " " + victim;
  }

  private void replace(ChaosNode victim, Fault fault, boolean inOrder) throws Exception {
    if (inOrder) {
      cluster.terminate(victim);
    } else {
      cluster.kill(victim);
    }
    retarget();
    pass(fault.length());
    cluster.start(victim.host());
    retarget();
  }

  private void retarget() {
    load.setTargets(cluster.nodes());
  }

  private static void pause(ChaosNode victim, Duration length) throws Exception {
    victim.process().signal("STOP");
    try {
      pass(length);
    } finally {
      victim.process().signal("CONT");
    }
  }

  private void cut(List<ChaosNode> victims, Duration length) throws Exception {
    for (ChaosNode victim : victims) {
      hosts.cut(victim.host());
    }
    try {
      pass(length);
    } finally {
      for (ChaosNode victim : victims) {
        hosts.heal(victim.host());
      }
    }
  }

  private String comeAndGo() throws Exception {
    List<Integer> taken = new ArrayList<>();
    cluster.nodes().forEach(node -> taken.add(node.host()));
    int host = 1;
    while (taken.contains(host)) {
      host++;
    }
    ChaosNode fourth = cluster.start(host);
    retarget();
    cluster.awaitWhole(ChaosRun.WHOLE);
    pass(STAY);
    leave(fourth);
    return "FOURTH " + fourth;
  }

  private void leave(ChaosNode node) throws IOException, InterruptedException {
    cluster.terminate(node);
    retarget();
  }
}
