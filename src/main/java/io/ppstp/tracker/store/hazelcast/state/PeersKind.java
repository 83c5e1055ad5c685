package io.ppstp.tracker.store.hazelcast.state;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerCommand.Decision;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.codec.ChangeFormat;
import io.ppstp.tracker.store.hazelcast.codec.PeerFormats;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats;
import io.ppstp.tracker.store.hazelcast.codec.StateDigest;
import io.ppstp.tracker.store.hazelcast.codec.StateFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shards of registrations. Stateless. */
public final class PeersKind implements StateKind<PeerShard, ShardChange, PeerCommand<?>> {
  static final int NUMBER = 1;

  PeersKind() {}

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public String map() {
    return "ppstp.peers";
  }

  @Override
  public int shards() {
    return Shards.PEERS;
  }

  @Override
  public Class<PeerShard> type() {
    return PeerShard.class;
  }

  @Override
  public PeerShard empty() {
    return new PeerShard();
  }

  @Override
  public void writeState(DataOutput out, PeerShard state) throws IOException {
    StateFormat.peers(out, state);
  }

  @Override
  public PeerShard readState(DataInput in) throws IOException {
    return StateFormat.peers(in);
  }

  @Override
  public long digest(PeerShard state) {
    return StateDigest.of(state);
  }

  @Override
  public RequestFormats<PeerCommand<?>> commands() {
    return PeerFormats.COMMANDS;
  }

  /**
   * What the owner alone may do is not done for another member: it was the owner when it sent the
   * command, and the owner of now knows better. Updates that lists have followed are struck out
   * with whatever change comes, so that few operations are needed for that alone.
   */
  @Override
  public @Nullable Outcome<ShardChange> decide(
      NodeState here, int shard, PeerShard state, PeerCommand<?> command, UUID sender) {
    boolean ownersOnly =
        command instanceof PeerCommand.Expire || command instanceof PeerCommand.StrikeOut;
    if (ownersOnly && !here.isThis(sender)) {
      return null;
    }
    if (command instanceof PeerCommand.Connect && here.updates().isBehind()) {
      return new Outcome<>(new ConnectOutcome.Refused(ErrorCode.SERVICE_UNAVAILABLE, null), null);
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
  public void apply(PeerShard state, ShardChange change) {
    state.apply(change);
  }

  @Override
  public void changed(NodeState here, int shard, ShardChange change) {
    if (!change.noted().isEmpty()) {
      here.updates().noted(shard, change.noted());
    }
  }

  @Override
  public void writeChange(DataOutput out, ShardChange change) throws IOException {
    ChangeFormat.peers(out, change);
  }

  @Override
  public ShardChange readChange(DataInput in) throws IOException {
    return ChangeFormat.peers(in);
  }
}
