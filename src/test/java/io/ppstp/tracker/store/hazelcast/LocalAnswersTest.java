package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.hazelcast.state.NodeState.HeardPeers;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.Question.ShardCount;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From what a node answers by itself, and when it leaves the answer to the owner. */
class LocalAnswersTest {
  private static final int SHARD = 5;
  private static final SwarmKey S = new SwarmKey("s");
  private static final Question.Swarms<?> LIST =
      new Question.Swarms<>(SHARD, new SwarmQuery.Look(S, "p"));
  private static final Question.Peers<?> FIND =
      new Question.Peers<>(SHARD, new PeerQuery.Find("p", S, true, Origin.UNKNOWN, 1));

  private final OneShard here = new OneShard();
  private final LocalAnswers answers = new LocalAnswers(here, new HeardPeers(), true, () -> true);

  /** What this node is to every shard, and what it holds of each. */
  private static final class OneShard implements Placement {
    Role role = Role.BACKUP;
    @Nullable StateValue<PeerShard, ShardChange> peers = new StateValue<>(StateKind.PEERS);
    @Nullable StateValue<SwarmShard, SwarmChange> swarms = new StateValue<>(StateKind.SWARMS);

    @Override
    public String name() {
      return "here";
    }

    @Override
    public Role role(StateKind<?, ?, ?> kind, int shard) {
      return role;
    }

    @Override
    public @Nullable String otherOwner(StateKind<?, ?, ?> kind, int shard) {
      return role == Role.OWNER ? null : "there";
    }

    @Override
    public List<String> backups(StateKind<?, ?, ?> kind, int shard) {
      return List.of();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S, C> @Nullable StateValue<S, C> value(StateKind<S, C, ?> kind, int shard) {
      return (StateValue<S, C>) (kind == StateKind.PEERS ? peers : swarms);
    }

    @Override
    public UUID here() {
      return new UUID(1, 1);
    }

    @Override
    public boolean isOwner(UUID member, int peerShard) {
      return role == Role.OWNER;
    }
  }

  private void ownerCounts(long version, long askedNs) {
    answers.compare(
        List.of(
            new ShardCount(StateKind.PEERS, SHARD, 0, 0, version),
            new ShardCount(StateKind.SWARMS, SHARD, 0, 0, version)),
        askedNs);
  }

  @Test
  void aBackupThatHasJustComeIsNotBelieved() {
    assertNull(answers.answer(LIST));

    ownerCounts(0, System.nanoTime() - 1_000_000_000);
    assertNull(answers.answer(LIST), "the owner was asked before it came");
  }

  /** A copy made earlier can take a backup's place while it is being synchronised. */
  @Test
  void aBackupIsBelievedAsLongAsItsOwnerIsNotAheadOfIt() {
    ownerCounts(0, System.nanoTime());
    assertNotNull(answers.answer(LIST));

    ownerCounts(1, System.nanoTime());
    assertNull(answers.answer(LIST));

    ownerCounts(0, System.nanoTime());
    assertNotNull(answers.answer(LIST), "it has caught up");
    here.swarms = new StateValue<>(StateKind.SWARMS);
    assertNull(answers.answer(LIST), "another one has taken its place");
  }

  @Test
  void aBackupNeverSaysNo() {
    ownerCounts(0, System.nanoTime());

    assertNull(answers.answer(FIND), "the peer is not known here");
    here.role = Placement.Role.OWNER;
    assertEquals(
        false, ((PeerQuery.FindAdmission) assertNotNullAnswer(answers.answer(FIND))).allowed());
  }

  private static Object assertNotNullAnswer(@Nullable Object answer) {
    assertNotNull(answer);
    return answer;
  }

  @Test
  void backupsAreNotAskedWhereOnlyOwnersMayAnswer() {
    LocalAnswers owners = new LocalAnswers(here, new HeardPeers(), false, () -> true);
    ownerCounts(0, System.nanoTime());

    assertNull(owners.answer(LIST));
    here.role = Placement.Role.OWNER;
    assertNotNull(owners.answer(LIST));
  }

  @Test
  void whoDoesNotKnowWhereItStandsAnswersNobody() {
    LocalAnswers doubtful = new LocalAnswers(here, new HeardPeers(), true, () -> false);
    here.role = Placement.Role.OWNER;

    assertNull(doubtful.answer((Question<?>) LIST));
  }
}
