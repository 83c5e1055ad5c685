package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.store.hazelcast.state.StateValue.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares backups with the shards that this node owns, some at a time, and mends those that
 * differ. One step at a time; the caller waits for each.
 *
 * <p>An owner and a backup that have applied as many changes must hold the same, and a backup that
 * has applied fewer than the owner had a step ago lacks some. Hazelcast's own anti-entropy finds
 * what it has missed; this finds what nobody has thought of. In a healthy cluster it finds nothing.
 */
public final class ReplicaCheck {
  private static final int SHARDS = Shards.PEERS + Shards.SWARMS;

  private final Placement placement;
  private final Operations operations;
  private final Asking asking;
  private final Deque<Suspect> suspects = new ArrayDeque<>();
  private final AtomicLong compared = new AtomicLong();
  private final AtomicLong differing = new AtomicLong();
  private int next;

  /** A backup that had applied fewer changes than its owner; {@code version} is the owner's. */
  private record Suspect(StateKind<?, ?, ?> kind, int shard, String node, long version) {}

  ReplicaCheck(Placement placement, Operations operations, Asking asking) {
    this.placement = placement;
    this.operations = operations;
    this.asking = asking;
  }

  /** Returns the number of backups that were compared with their owner. */
  public long compared() {
    return compared.get();
  }

  /** Returns the number of backups that were found to differ, and mended. */
  public long differing() {
    return differing.get();
  }

  /** Looks at {@code count} shards, and again at those that were suspected in the last step. */
  public CompletionStage<Boolean> step(int count) {
    List<CompletionStage<Boolean>> looking = new ArrayList<>();
    List<Suspect> again;
    synchronized (suspects) {
      again = new ArrayList<>(suspects);
      suspects.clear();
    }
    for (Suspect suspect : again) {
      looking.add(lookAgain(suspect));
    }
    for (int i = 0; i < count; i++) {
      int at = next;
      next = (next + 1) % SHARDS;
      looking.add(
          at < Shards.PEERS
              ? look(StateKind.PEERS, at)
              : look(StateKind.SWARMS, at - Shards.PEERS));
    }
    return Stages.all(looking).thenApply(done -> true);
  }

  private CompletionStage<Boolean> look(StateKind<?, ?, ?> kind, int shard) {
    StateValue<?, ?> value =
        placement.role(kind, shard) == Role.OWNER ? placement.value(kind, shard) : null;
    if (value == null) {
      return CompletableFuture.completedStage(true);
    }
    Fingerprint here = value.fingerprint();
    List<CompletionStage<Boolean>> comparing = new ArrayList<>(1);
    for (String node : placement.backups(kind, shard)) {
      comparing.add(
          asking
              .askNode(node, new Question.FingerprintOf(kind, shard))
              .thenCompose(there -> compare(kind, shard, node, here, there)));
    }
    return Stages.all(comparing).thenApply(done -> true);
  }

  private CompletionStage<Boolean> compare(
      StateKind<?, ?, ?> kind,
      int shard,
      String node,
      Fingerprint here,
      Optional<Fingerprint> answer) {
    Fingerprint there = answer.orElse(null);
    if (there == null) {
      return CompletableFuture.completedStage(true);
    }
    compared.incrementAndGet();
    if (there.version() < here.version()) {
      synchronized (suspects) {
        suspects.add(new Suspect(kind, shard, node, here.version()));
      }
      return CompletableFuture.completedStage(true);
    }
    boolean differs = there.version() == here.version() && there.digest() != here.digest();
    return differs ? mend(kind, shard) : CompletableFuture.completedStage(true);
  }

  private CompletionStage<Boolean> lookAgain(Suspect suspect) {
    boolean stillTheirs =
        placement.role(suspect.kind(), suspect.shard()) == Role.OWNER
            && placement.backups(suspect.kind(), suspect.shard()).contains(suspect.node());
    return stillTheirs
        ? asking
            .askNode(suspect.node(), new Question.FingerprintOf(suspect.kind(), suspect.shard()))
            .thenCompose(
                there ->
                    there.isPresent() && there.get().version() < suspect.version()
                        ? mend(suspect.kind(), suspect.shard())
                        : CompletableFuture.completedStage(true))
        : CompletableFuture.completedStage(true);
  }

  private CompletionStage<Boolean> mend(StateKind<?, ?, ?> kind, int shard) {
    differing.incrementAndGet();
    return operations.replaceBackups(kind, shard, asking.executor());
  }
}
