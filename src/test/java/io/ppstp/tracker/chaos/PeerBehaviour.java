package io.ppstp.tracker.chaos;

import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws what a peer asks for next. It keeps to the rows of Table 6 that are valid, except that of
 * two requests sent at once the one that comes second may not be. Confined to one thread.
 */
final class PeerBehaviour {
  private static final int STEADY_CHANGES = 4;
  private static final int CHANGES = 35;
  private static final int MOST_SEEDED = 3;

  private final SplittableRandom random;
  private final int swarms;

  /** How many of its requests change something, of a hundred. */
  private final int changes;

  private int transactions;

  PeerBehaviour(SplittableRandom random, int swarms) {
    this.random = random;
    this.swarms = swarms;
    this.changes = random.nextInt(4) == 0 ? STEADY_CHANGES : CHANGES;
  }

  /**
   * Returns one request, or two for two nodes at once.
   *
   * @param allowed the states that the peer may be in
   * @param lastLeft the swarm that it left last
   * @param pairPercent how many changes are to go to two nodes; if all, there is nothing but
   *     changes
   */
  List<PeerRequest> next(
      Collection<PeerState> allowed, @Nullable String lastLeft, int pairPercent) {
    String doubtful = doubtful(allowed);
    if (doubtful != null) {
      return List.of(new PeerRequest.Find(transaction(), doubtful));
    }
    PeerState state = allowed.iterator().next();
    List<String> joined = List.copyOf(state.joined().keySet());
    boolean mayAsk = pairPercent < 100;
    if (mayAsk && joined.isEmpty() && lastLeft != null && random.nextInt(4) == 0) {
      return List.of(
          random.nextBoolean()
              ? new PeerRequest.Find(transaction(), lastLeft)
              : new PeerRequest.Report(transaction(), List.of()));
    }
    if (mayAsk && !joined.isEmpty() && random.nextInt(100) >= changes) {
      return List.of(question(joined, lastLeft));
    }
    PeerRequest.Connect first = change(state, joined);
    if (random.nextInt(100) >= pairPercent) {
      return List.of(first);
    }
    return List.of(first, second(first, state, joined));
  }

  /** Returns a swarm that the peer is in by one state and not by another, null if there is none. */
  private static @Nullable String doubtful(Collection<PeerState> allowed) {
    Set<String> some = new TreeSet<>();
    allowed.forEach(state -> some.addAll(state.joined().keySet()));
    for (String swarm : some) {
      if (!allowed.stream().allMatch(state -> state.joined().containsKey(swarm))) {
        return swarm;
      }
    }
    return null;
  }

  private String transaction() {
    return "t" + ++transactions;
  }

  private String anySwarmBut(Collection<String> others) {
    String swarm = "s" + random.nextInt(swarms);
    while (others.contains(swarm)) {
      swarm = "s" + random.nextInt(swarms);
    }
    return swarm;
  }

  private String anyOf(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }

  private PeerRequest question(List<String> joined, @Nullable String lastLeft) {
    return switch (random.nextInt(10)) {
      case 0 ->
          new PeerRequest.Find(
              transaction(),
              lastLeft == null || joined.contains(lastLeft) ? anyOf(joined) : lastLeft);
      case 1 -> new PeerRequest.Report(transaction(), List.of());
      case 2, 3, 4 -> new PeerRequest.Report(transaction(), joined);
      default -> new PeerRequest.Find(transaction(), anyOf(joined));
    };
  }

  private PeerRequest.Connect change(PeerState state, List<String> joined) {
    if (joined.isEmpty()) {
      return random.nextInt(10) < 6 ? connect(join(anySwarmBut(joined))) : seed();
    }
    String swarm = anyOf(joined);
    boolean isLeech = state.joined().get(swarm) == PeerMode.LEECH;
    int drawn = random.nextInt(20);
    if (!isLeech || drawn < 4) {
      return random.nextBoolean()
          ? connect(leave(swarm))
          : connect(joined.stream().map(PeerBehaviour::leave).toArray(SwarmAction[]::new));
    }
    if (drawn == 4) {
      return connect(join(swarm));
    }
    if (drawn < 7) {
      return connect(leave(swarm), new SwarmAction(swarm, Action.JOIN, PeerMode.SEEDER));
    }
    return connect(leave(swarm), join(anySwarmBut(joined)));
  }

  private PeerRequest.Connect seed() {
    Set<String> seeded = new TreeSet<>();
    for (int i = random.nextInt(MOST_SEEDED); i >= 0; i--) {
      seeded.add(anySwarmBut(seeded));
    }
    return connect(
        seeded.stream()
            .map(swarm -> new SwarmAction(swarm, Action.JOIN, PeerMode.SEEDER))
            .toArray(SwarmAction[]::new));
  }

  /** Returns what goes to another node at the same time: the same, or something else. */
  private PeerRequest.Connect second(
      PeerRequest.Connect first, PeerState state, List<String> joined) {
    boolean isLeech = state.joined().containsValue(PeerMode.LEECH);
    boolean seeds = first.actions().stream().anyMatch(it -> it.joinsAs(PeerMode.SEEDER));
    if (seeds || (!joined.isEmpty() && !isLeech) || random.nextInt(3) == 0) {
      return first;
    }
    List<String> named = new ArrayList<>(joined);
    first.actions().forEach(action -> named.add(action.swarmId()));
    String other = anySwarmBut(named);
    return joined.isEmpty()
        ? connect(join(other))
        : connect(leave(first.actions().get(0).swarmId()), join(other));
  }

  private PeerRequest.Connect connect(SwarmAction... actions) {
    return new PeerRequest.Connect(transaction(), List.of(actions));
  }

  private static SwarmAction join(String swarm) {
    return new SwarmAction(swarm, Action.JOIN, PeerMode.LEECH);
  }

  private static SwarmAction leave(String swarm) {
    return new SwarmAction(swarm, Action.LEAVE, null);
  }
}
