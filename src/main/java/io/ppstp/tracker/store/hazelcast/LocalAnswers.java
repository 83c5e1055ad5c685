package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.swarm.Swarm;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.SwarmSurvey;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.hazelcast.Placement.Role;
import io.ppstp.tracker.store.hazelcast.state.NodeState.HeardPeers;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.Question.ShardCount;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.store.hazelcast.transport.RemoteQuestions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions from the state that this node holds, without an operation. Thread-safe; waits
 * for nothing but a value's lock.
 *
 * <p>A backup that its owner was not ahead of since it came here holds all that was acknowledged,
 * so it may say of a peer that it is admitted. Only the owner says no: it may know somebody of whom
 * a backup has not heard yet.
 */
final class LocalAnswers implements RemoteQuestions.Answerer {
  private final Placement placement;
  private final HeardPeers heard;
  private final boolean fromBackups;
  private final BooleanSupplier mayAnswer;
  private final SwarmSurvey survey = new SwarmSurvey(this::visit);

  /**
   * Makes one.
   *
   * @param fromBackups whether backups are asked, or only what this node owns
   * @param mayAnswer whether this node may speak for the cluster
   */
  LocalAnswers(
      Placement placement, HeardPeers heard, boolean fromBackups, BooleanSupplier mayAnswer) {
    this.fromBackups = fromBackups;
    this.placement = placement;
    this.heard = heard;
    this.mayAnswer = mayAnswer;
  }

  /** Answers a question of a peer; null if another node has to. */
  <R> @Nullable R answer(Question.Peers<R> question) {
    Role role = placement.role(StateKind.PEERS, question.shard());
    if (cannotAnswer(role)) {
      return null;
    }
    StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, question.shard());
    if (role == Role.OWNER) {
      return question.answer(value, heard);
    }
    if (value == null || !value.isConfirmed()) {
      return null;
    }
    R answer = question.answer(value, heard);
    return question.query().heard(answer) == null ? null : answer;
  }

  /** Answers a question about a swarm; null if another node has to. */
  <R> @Nullable R answer(Question.Swarms<R> question) {
    Role role = placement.role(StateKind.SWARMS, question.shard());
    if (cannotAnswer(role)) {
      return null;
    }
    StateValue<SwarmShard, ?> value = placement.value(StateKind.SWARMS, question.shard());
    boolean unknown = role == Role.BACKUP && (value == null || !value.isConfirmed());
    return unknown ? null : question.answer(value);
  }

  private boolean cannotAnswer(Role role) {
    return role == Role.NONE || (role == Role.BACKUP && !fromBackups);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <R> @Nullable R answer(Question<R> question) {
    if (!mayAnswer.getAsBoolean()) {
      return null;
    }
    if (question instanceof Question.Peers<R> peers) {
      return answer(peers);
    }
    if (question instanceof Question.Swarms<R> swarms) {
      return answer(swarms);
    }
    if (question instanceof Question.HeardOf of) {
      return (R) heard.of(of.shard());
    }
    if (question instanceof Question.FingerprintOf of) {
      StateValue<?, ?> value = placement.value(of.kind(), of.shard());
      return value == null ? null : (R) value.fingerprint();
    }
    if (question instanceof Question.Largest largest) {
      return (R) survey.latest(largest.most());
    }
    return (R) counts();
  }

  /** Returns the search for the largest swarms that this node owns. */
  SwarmSurvey survey() {
    return survey;
  }

  private void visit(int shard, Consumer<Swarm> visitor) {
    if (placement.role(StateKind.SWARMS, shard) == Role.OWNER) {
      StateValue<SwarmShard, ?> value = placement.value(StateKind.SWARMS, shard);
      if (value != null) {
        int unused =
            value.read(
                swarms -> {
                  swarms.forEach(visitor);
                  return swarms.size();
                });
      }
    }
  }

  /** Counts what the shards hold that this node owns. Takes time proportional to the shards. */
  List<ShardCount> counts() {
    List<ShardCount> counts = new ArrayList<>();
    for (int shard = 0; shard < Shards.PEERS; shard++) {
      if (placement.role(StateKind.PEERS, shard) == Role.OWNER) {
        StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
        int peers = value == null ? 0 : value.read(PeerShard::size);
        counts.add(new ShardCount(StateKind.PEERS, shard, peers, 0, versionOf(value)));
      }
    }
    for (int shard = 0; shard < Shards.SWARMS; shard++) {
      if (placement.role(StateKind.SWARMS, shard) == Role.OWNER) {
        StateValue<SwarmShard, ?> value = placement.value(StateKind.SWARMS, shard);
        int swarms = value == null ? 0 : value.read(SwarmShard::size);
        long members = value == null ? 0 : value.read(SwarmShard::members);
        counts.add(new ShardCount(StateKind.SWARMS, shard, swarms, members, versionOf(value)));
      }
    }
    return counts;
  }

  /** Counts the memberships of the registrations that this node owns, by their weight. */
  long weight() {
    long weight = 0;
    for (int shard = 0; shard < Shards.PEERS; shard++) {
      if (placement.role(StateKind.PEERS, shard) == Role.OWNER) {
        StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
        weight += value == null ? 0 : value.read(PeerShard::weight);
      }
    }
    return weight;
  }

  private static long versionOf(@Nullable StateValue<?, ?> value) {
    return value == null ? 0 : value.version();
  }

  /** Compares the backups that this node has with what their owners said when asked. */
  void compare(List<ShardCount> ofOwner, long askedNs) {
    for (ShardCount count : ofOwner) {
      StateValue<?, ?> value =
          placement.role(count.kind(), count.shard()) == Role.BACKUP
              ? placement.value(count.kind(), count.shard())
              : null;
      if (value != null) {
        value.compare(count.version(), askedNs);
      }
    }
  }

  /** Counts what this node owns. */
  Census census() {
    return sum(counts());
  }

  /** Adds counts up. */
  static Census sum(List<ShardCount> counts) {
    long peers = 0;
    long swarms = 0;
    long members = 0;
    for (ShardCount count : counts) {
      if (count.kind() == StateKind.PEERS) {
        peers += count.items();
      } else {
        swarms += count.items();
        members += count.members();
      }
    }
    return new Census(peers, swarms, members);
  }
}
