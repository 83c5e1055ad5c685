package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.ChaosCluster.ChaosNode;
import io.ppstp.tracker.chaos.Linearization.Attempt;
import io.ppstp.tracker.chaos.NodeClient.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Compares what one node answers about every peer with what was acknowledged to it, and the lists
 * that it tells with all memberships. Only asks. Confined to one thread, while the load is paused.
 */
final class NodeCheck {
  private static final int THREADS = 8;
  private static final int MOST_ATTEMPTS = 50;
  private static final long PAUSE_NS = 100_000_000;

  private final List<ChaosPeer> peers;
  private final NodeClient client;
  private final Findings findings;
  private final ChaosNode node;
  private final Map<String, List<Listed>> lists = new TreeMap<>();

  /** One list of a swarm, as {@code requester} was told it. */
  private record Listed(String requester, Set<String> peers) {}

  NodeCheck(List<ChaosPeer> peers, NodeClient client, Findings findings, ChaosNode node) {
    this.peers = peers;
    this.client = client;
    this.findings = findings;
    this.node = node;
  }

  void run() throws Exception {
    List<Callable<Void>> checks = new ArrayList<>();
    for (ChaosPeer peer : peers) {
      if (!peer.isLost) {
        checks.add(
            () -> {
              checkPeer(peer);
              return null;
            });
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<Void> done : threads.invokeAll(checks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Set<String> swarms = new TreeSet<>(lists.keySet());
    swarms.forEach(this::checkLists);
  }

  private void checkPeer(ChaosPeer peer) throws InterruptedException {
    Set<String> swarms = new TreeSet<>();
    peer.allowed.forEach(state -> swarms.addAll(state.joined().keySet()));
    List<String> reported = new ArrayList<>(swarms);
    int questions = 0;
    for (String swarm : swarms) {
      ask(peer, new PeerRequest.Find("q" + questions++, swarm));
    }
    String left = peer.lastLeft;
    if (left != null && !swarms.contains(left)) {
      ask(peer, new PeerRequest.Find("q" + questions++, left));
      if (!swarms.isEmpty()) {
        reported.add(left);
      }
    }
    ask(peer, new PeerRequest.Report("q" + questions, reported));
  }

  private void ask(ChaosPeer peer, PeerRequest question) throws InterruptedException {
    String outcome = "";
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        Response response = client.send(node, peer.id, question).get(1, TimeUnit.MINUTES);
        outcome = response.answer() + response.told();
        if (response.answer().isDefinite()) {
          compare(peer, question, response);
          return;
        }
      } catch (ExecutionException | TimeoutException e) {
        outcome = String.valueOf(e.getCause());
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
    findings.add(
        Findings.Kind.DENIED,
        "%s at %s: %s is never settled".formatted(peer.id, node, question),
        ", at last " + outcome + peer.story());
  }

  private void compare(ChaosPeer peer, PeerRequest question, Response response) {
    Set<PeerState> after =
        Linearization.explain(
            peer.allowed, List.of(List.of(new Attempt(question, response.answer()))));
    if (after.isEmpty()) {
      String what = "%s at %s: %s -> %s".formatted(peer.id, node, question, response.answer());
      findings.add(Findings.Kind.DENIED, what, response.told() + peer.story());
      return;
    }
    peer.allowed = after;
    if (question instanceof PeerRequest.Find find && response.answer().code() == 0) {
      Set<String> listed = response.lists().getOrDefault(find.swarm(), Set.of());
      synchronized (lists) {
        lists
            .computeIfAbsent(find.swarm(), first -> new ArrayList<>())
            .add(new Listed(peer.id, listed));
      }
    }
  }

  private void checkLists(String swarm) {
    List<Listed> told = lists.getOrDefault(swarm, List.of());
    Set<String> seen = new HashSet<>();
    told.forEach(list -> seen.addAll(list.peers()));
    Map<String, ChaosPeer> known = new TreeMap<>();
    for (ChaosPeer peer : peers) {
      known.put(peer.id, peer);
      boolean isWhole = told.stream().anyMatch(list -> isMissing(peer, swarm, list));
      if (!peer.isLost && peer.isIn(swarm) && (!seen.contains(peer.id) || isWhole)) {
        boolean askedOnlyItself = told.stream().allMatch(it -> it.requester().equals(peer.id));
        if (!askedOnlyItself) {
          report(Findings.Kind.MISSING, swarm, peer.id, " does not list ", peer);
        }
      }
    }
    for (String id : seen) {
      ChaosPeer peer = known.get(id);
      if (peer == null || (!peer.isLost && !peer.mayBeIn(swarm))) {
        report(Findings.Kind.GHOST, swarm, id, " lists ", peer);
      }
    }
  }

  /** A list shorter than the longest possible is of all members but the one who asks. */
  private static boolean isMissing(ChaosPeer peer, String swarm, Listed list) {
    return list.peers().size() < PeerRequest.LISTED
        && !list.requester().equals(peer.id)
        && peer.isIn(swarm)
        && !list.peers().contains(peer.id);
  }

  private void report(
      Findings.Kind kind, String swarm, String id, String what, @Nullable ChaosPeer peer) {
    findings.add(kind, node + what + id + " in " + swarm, peer == null ? "" : peer.story());
  }
}
