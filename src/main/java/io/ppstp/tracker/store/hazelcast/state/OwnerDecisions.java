package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What commands come to at the owner of a shard, which decides and changes nothing itself. What is
 * decided about lists is told to the node's observer, once: backups tell nobody. Stateless.
 *
 * @param <S> the state object
 * @param <C> its changes
 * @param <Q> commands, from which changes come
 */
interface OwnerDecisions<S, C, Q> {
  /**
   * Decides what a command comes to.
   *
   * @param sender the member that sent the command
   * @return null if the command is not to be executed here
   */
  @Nullable Outcome<C> decide(NodeState here, int shard, S state, Q command, UUID sender);

  /** Lets this node, the owner of the shard, know what was changed there. */
  default void changed(NodeState here, int shard, C change) {}

  /** Lets this node look at the state that a change has led to; it is not to be kept. */
  default void applied(NodeState here, S state, C change) {}

  /**
   * What came of a command.
   *
   * @param change null if nothing changes
   */
  record Outcome<C>(Object result, @Nullable C change) {}

  /** Those about registrations. */
  final class OfPeers implements OwnerDecisions<PeerShard, ShardChange, PeerCommand<?>> {
    /**
     * What the owner alone may do is not done for another member: it was the owner when it sent the
     * command, and the owner of now knows better. Nor is anything done while a member that was lost
     * may still answer as if nothing had changed. Updates that lists have followed are struck out
     * with whatever change comes, so that few operations are needed for that alone.
     */
    @Override
    public @Nullable Outcome<ShardChange> decide(
        NodeState here, int shard, PeerShard state, PeerCommand<?> command, UUID sender) {
      boolean ownersOnly =
          command instanceof PeerCommand.Expire || command instanceof PeerCommand.StrikeOut;
      if ((ownersOnly && !here.isThis(sender)) || !here.mayChange()) {
        return null;
      }
      if (command instanceof PeerCommand.Connect && here.updates().isBehind()) {
        return new Outcome<>(new ConnectOutcome.Refused(RefusalCause.BUSY, null), null);
      }
      Decision<?> decision = command.decide(state, here.budget());
      Object result = Objects.requireNonNull(decision.result());
      ShardChange change = decision.change();
      if (change.isNothing()) {
        return new Outcome<>(result, null);
      }
      if (change.struckOut().isEmpty()) {
        List<Long> followed = here.updates().takeFollowed(shard);
        change = followed.isEmpty() ? change : change.strikingOut(followed);
      }
      return new Outcome<>(result, change);
    }

    @Override
    public void changed(NodeState here, int shard, ShardChange change) {
      if (!change.noted().isEmpty()) {
        here.updates().noted(shard, change.noted());
      }
    }
  }

  /** Those about the lists of swarms. */
  final class OfSwarms implements OwnerDecisions<SwarmShard, SwarmChange, SwarmChange> {
    /**
     * A list follows the owner of a peer's shard and nobody else, so that changes cannot overtake
     * each other: what a member sent that is not the owner any more is refused, by place in the
     * batch, statements after changes. A member that this node does not know as the owner yet tries
     * again, and so does who sent the report of a member that has not come yet.
     */
    @Override
    public @Nullable Outcome<SwarmChange> decide(
        NodeState here, int shard, SwarmShard state, SwarmChange batch, UUID sender) {
      List<Integer> refused = new ArrayList<>(0);
      List<SwarmChange.Of<MemberChange>> members = batch.members();
      for (int i = 0; i < members.size(); i++) {
        if (!here.isOwner(sender, Shards.ofPeer(members.get(i).what().peerId()))) {
          refused.add(i);
        }
      }
      SwarmChange accepted = refused.isEmpty() ? batch : without(refused, batch);
      for (int place : state.tellBefore(accepted, here.observer())) {
        refused.add(members.size() + place);
      }
      boolean nothing = accepted.members().isEmpty() && accepted.statements().isEmpty();
      return new Outcome<>(refused, nothing ? null : accepted);
    }

    private static SwarmChange without(List<Integer> refused, SwarmChange batch) {
      Set<Integer> places = new HashSet<>(refused);
      List<SwarmChange.Of<MemberChange>> accepted = new ArrayList<>(batch.members().size());
      for (int i = 0; i < batch.members().size(); i++) {
        if (!places.contains(i)) {
          accepted.add(batch.members().get(i));
        }
      }
      return new SwarmChange(accepted, batch.statements());
    }

    @Override
    public void applied(NodeState here, SwarmShard state, SwarmChange change) {
      state.tellAfter(change, here.observer());
    }
  }
}
