package io.ppstp.tracker.chaos;

import io.ppstp.tracker.chaos.Linearization.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One peer, what was acknowledged to it and what it did last. Confined to the thread of its load,
 * or to whoever has paused that.
 */
final class ChaosPeer {
  private static final int STORY = 16;
  private static final int MOST_STRAYS = 12;

  /** After which no node can hold a request back any longer. */
  private static final Duration LONGEST_STRAY = Duration.ofSeconds(60);

  private record Stray(Attempt attempt, long givenUpNs) {}

  final String id;
  final SplittableRandom random;
  final PeerBehaviour behaviour;

  /** The states that it may be in by all that was acknowledged: one, as a rule. */
  Set<PeerState> allowed = Set.of(PeerState.NEW);

  /** The swarm that it left last. */
  @Nullable String lastLeft;

  @Nullable Operation operation;

  /** Whether an answer to a change was contradictory: nothing is known of it any more. */
  boolean isLost;

  /** Changes that were sent, given up and repeated since: a node may yet execute them. */
  private final Deque<Stray> strays = new ArrayDeque<>();

  private final Deque<String> story = new ArrayDeque<>();

  ChaosPeer(String id, SplittableRandom random, int swarms) {
    this.id = id;
    this.random = random;
    this.behaviour = new PeerBehaviour(random.split(), swarms);
  }

  /** Returns whether it is, or may be, a member of {@code swarm}. */
  boolean mayBeIn(String swarm) {
    return allowed.stream().anyMatch(state -> state.joined().containsKey(swarm));
  }

  /** Returns whether it is a member of {@code swarm} by all that was acknowledged. */
  boolean isIn(String swarm) {
    return allowed.stream().allMatch(state -> state.joined().containsKey(swarm));
  }

  /** Notes the outcome of a settled operation. */
  void take(Set<PeerState> after, Operation done) {
    for (PeerState state : allowed) {
      for (String swarm : state.joined().keySet()) {
        if (after.stream().noneMatch(it -> it.joined().containsKey(swarm))) {
          lastLeft = swarm;
        }
      }
    }
    allowed = Set.copyOf(after);
    long nowNs = System.nanoTime();
    for (List<Attempt> attempts : done.sequences()) {
      for (Attempt attempt : attempts) {
        if (attempt.answer() == null && attempt.request() instanceof PeerRequest.Connect) {
          strays.add(new Stray(attempt, nowNs));
        }
      }
    }
    while (strays.size() > MOST_STRAYS) {
      strays.removeFirst();
    }
  }

  /** Returns what a node may yet execute though it was repeated since, oldest first. */
  List<Attempt> strays() {
    long oldestNs = System.nanoTime() - LONGEST_STRAY.toNanos();
    strays.removeIf(stray -> stray.givenUpNs() - oldestNs < 0);
    return strays.stream().map(Stray::attempt).toList();
  }

  /** Notes what happened, for whoever has to explain a contradiction. */
  void tell(String what) {
    if (story.size() == STORY) {
      story.removeFirst();
    }
    story.add(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString().substring(11) + " " + what);
  }

  String story() {
    return "\n      allowed: " + allowed + "\n      " + String.join("\n      ", story);
  }
}
