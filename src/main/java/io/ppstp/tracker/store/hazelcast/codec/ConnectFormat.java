package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The format of CONNECT, the richest command, and of its outcome. Stateless. */
final class ConnectFormat {
  private static final List<Action> ACTIONS = List.of(Action.JOIN, Action.LEAVE);
  private static final List<ConnectPolicy> POLICIES =
      List.of(ConnectPolicy.TABLE6, ConnectPolicy.ADDITIVE);
  private static final List<Step.Effect> EFFECTS =
      List.of(
          Step.Effect.JOINED,
          Step.Effect.REFRESHED,
          Step.Effect.MODE_CHANGED,
          Step.Effect.LEFT,
          Step.Effect.LEFT_TO_REJOIN,
          Step.Effect.FAILED);
  private static final List<Execution> EXECUTIONS =
      List.of(Execution.NOW, Execution.LAST, Execution.LAST_REGISTERING, Execution.EARLIER);

  private ConnectFormat() {}

  static void command(DataOutput out, PeerCommand.Connect connect) throws IOException {
    Wire.string(out, connect.peerId());
    Wire.list(out, connect.actions(), ConnectFormat::action);
    DomainFormat.addresses(out, connect.advertised());
    DomainFormat.peerNum(out, connect.status());
    DomainFormat.origin(out, connect.origin());
    out.writeLong(connect.transactionHash());
    out.writeLong(connect.digest());
    out.writeLong(connect.seed());
    out.writeLong(connect.nowMs());
    Wire.choice(out, POLICIES, connect.rules().policy());
    out.writeInt(connect.rules().maxSwarms());
    out.writeInt(connect.rules().room());
    out.writeBoolean(connect.rules().refuseReusedTransactions());
    out.writeLong(connect.rules().trackMs());
    out.writeLong(connect.rules().silenceMs());
  }

  static PeerCommand.Connect command(DataInput in) throws IOException {
    return new PeerCommand.Connect(
        Wire.string(in),
        Wire.list(in, ConnectFormat::action),
        DomainFormat.addresses(in),
        DomainFormat.peerNum(in),
        DomainFormat.origin(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        new ConnectRules(
            Wire.choice(in, POLICIES),
            in.readInt(),
            in.readInt(),
            in.readBoolean(),
            in.readLong(),
            in.readLong()));
  }

  private static void action(DataOutput out, SwarmAction action) throws IOException {
    Wire.string(out, action.swarmId());
    Wire.choice(out, ACTIONS, action.action());
    Wire.choice(out, DomainFormat.MODES, action.mode());
  }

  private static SwarmAction action(DataInput in) throws IOException {
    return new SwarmAction(
        Wire.string(in), Wire.choice(in, ACTIONS), Wire.optionalChoice(in, DomainFormat.MODES));
  }

  static void outcome(DataOutput out, ConnectOutcome outcome) throws IOException {
    if (outcome instanceof ConnectOutcome.Granted granted) {
      boolean toldToAnyone = granted.listing().equals(Listing.toAnyone(granted.addresses()));
      Departure replaced = granted.replaced();
      Wire.flags(out, true, !toldToAnyone, granted.secretGiven(), replaced != null);
      if (!toldToAnyone) {
        DomainFormat.listing(out, granted.listing());
      }
      if (replaced != null) {
        DomainFormat.departure(out, replaced);
      }
      granted(out, granted);
    } else if (outcome instanceof ConnectOutcome.Refused refused) {
      Wire.flags(out, false);
      Wire.choice(out, DomainFormat.REFUSALS, refused.cause());
      Wire.optional(out, refused.departure(), DomainFormat::departure);
    }
  }

  static ConnectOutcome outcome(DataInput in) throws IOException {
    int flags = in.readByte();
    if (Wire.flag(flags, 0)) {
      return granted(in, flags);
    }
    return new ConnectOutcome.Refused(
        Wire.choice(in, DomainFormat.REFUSALS), Wire.optional(in, DomainFormat::departure));
  }

  private static void granted(DataOutput out, ConnectOutcome.Granted granted) throws IOException {
    out.writeBoolean(granted.registered());
    out.writeBoolean(granted.terminated());
    Wire.choice(out, EXECUTIONS, granted.execution());
    out.writeBoolean(granted.transactionReused());
    out.writeLong(granted.stamp());
    out.writeLong(granted.seed());
    DomainFormat.addresses(out, granted.addresses());
    out.writeInt(granted.weight());
    Wire.list(out, granted.steps(), ConnectFormat::step);
  }

  private static ConnectOutcome.Granted granted(DataInput in, int flags) throws IOException {
    Listing listing = Wire.flag(flags, 1) ? DomainFormat.listing(in) : null;
    boolean secretGiven = Wire.flag(flags, 2);
    Departure replaced = Wire.flag(flags, 3) ? DomainFormat.departure(in) : null;
    boolean registered = in.readBoolean();
    boolean terminated = in.readBoolean();
    Execution execution = Wire.choice(in, EXECUTIONS);
    boolean transactionReused = in.readBoolean();
    long stamp = in.readLong();
    long seed = in.readLong();
    PeerAddresses addresses = DomainFormat.addresses(in);
    return new ConnectOutcome.Granted(
        registered,
        terminated,
        execution,
        transactionReused,
        stamp,
        seed,
        addresses,
        listing == null ? Listing.toAnyone(addresses) : listing,
        in.readInt(),
        Wire.list(in, ConnectFormat::step),
        secretGiven,
        replaced);
  }

  private static void step(DataOutput out, Step step) throws IOException {
    DomainFormat.swarmKey(out, step.swarm());
    Wire.choice(out, DomainFormat.MODES, step.mode());
    Wire.choice(out, EFFECTS, step.effect());
    if (step.effect().ends()) {
      out.writeLong(step.watchedMs());
    }
  }

  private static Step step(DataInput in) throws IOException {
    SwarmKey swarm = DomainFormat.swarmKey(in);
    PeerMode mode = Wire.optionalChoice(in, DomainFormat.MODES);
    Step.Effect effect = Wire.choice(in, EFFECTS);
    return effect.ends()
        ? new Step(swarm, mode, effect, in.readLong())
        : new Step(swarm, mode, effect);
  }
}
