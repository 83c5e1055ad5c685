package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.SwarmChange;
import io.ppstp.tracker.domain.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.SwarmShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.codec.ChangeFormat;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats;
import io.ppstp.tracker.store.hazelcast.codec.StateDigest;
import io.ppstp.tracker.store.hazelcast.codec.StateFormat;
import io.ppstp.tracker.store.hazelcast.codec.SwarmFormats;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shards of swarms. Stateless. */
public final class SwarmsKind implements StateKind<SwarmShard, SwarmChange, SwarmChange> {
  static final int NUMBER = 2;

  SwarmsKind() {}

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String map() {
    return "ppstp.swarms";
  }

  @Override
  public int shards() {
    return Shards.SWARMS;
  }

  @Override
  public Class<SwarmShard> type() {
    return SwarmShard.class;
  }

  @Override
  public SwarmShard empty() {
    return new SwarmShard();
  }

  @Override
  public void writeState(DataOutput out, SwarmShard state) throws IOException {
    StateFormat.swarms(out, state);
  }

  @Override
  public SwarmShard readState(DataInput in) throws IOException {
    return StateFormat.swarms(in);
  }

  @Override
  public long digest(SwarmShard state) {
    return StateDigest.of(state);
  }

  @Override
  public RequestFormats<SwarmChange> commands() {
    return SwarmFormats.CHANGES;
  }

  /**
   * A list follows the owner of a peer's shard and nobody else, so that changes cannot overtake
   * each other: what a member sent that is not the owner any more is refused, by place in the
   * batch. A member that this node does not know as the owner yet tries again.
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
    if (refused.isEmpty()) {
      return new Outcome<>(refused, batch);
    }
    List<SwarmChange.Of<MemberChange>> accepted = new ArrayList<>(members.size());
    for (int i = 0; i < members.size(); i++) {
      if (!refused.contains(i)) {
        accepted.add(members.get(i));
      }
    }
    boolean nothing = accepted.isEmpty() && batch.statements().isEmpty();
    return new Outcome<>(refused, nothing ? null : new SwarmChange(accepted, batch.statements()));
  }

  @Override
  public void apply(SwarmShard state, SwarmChange change) {
    state.apply(change);
  }

  @Override
  public void writeChange(DataOutput out, SwarmChange change) throws IOException {
    ChangeFormat.swarms(out, change);
  }

  @Override
  public SwarmChange readChange(DataInput in) throws IOException {
    return ChangeFormat.swarms(in);
  }
}
