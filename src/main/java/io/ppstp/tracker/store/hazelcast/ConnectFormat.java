package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.tracker.ConnectOutcome;
import io.ppstp.tracker.tracker.ConnectPolicy;
import io.ppstp.tracker.tracker.ConnectRules;
import io.ppstp.tracker.tracker.PeerCommand;
import io.ppstp.tracker.tracker.Step;
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
  private static final List<ErrorCode> ERROR_CODES = List.of(ErrorCode.values());

  private ConnectFormat() {}

  static void command(DataOutput out, PeerCommand.Connect connect) throws IOException {
    Wire.string(out, connect.peerId());
    Wire.list(out, connect.actions(), ConnectFormat::action);
    DomainFormat.addresses(out, connect.advertised());
    DomainFormat.addresses(out, connect.observed());
    out.writeLong(connect.transactionHash());
    out.writeLong(connect.digest());
    out.writeLong(connect.seed());
    out.writeLong(connect.nowMs());
    Wire.choice(out, POLICIES, connect.rules().policy());
    out.writeInt(connect.rules().maxSwarms());
    out.writeBoolean(connect.rules().refuseReusedTransactions());
    DomainFormat.timers(out, connect.rules().timers());
  }

  static PeerCommand.Connect command(DataInput in) throws IOException {
    return new PeerCommand.Connect(
        Wire.string(in),
        Wire.list(in, ConnectFormat::action),
        DomainFormat.addresses(in),
        DomainFormat.addresses(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        new ConnectRules(
            Wire.choice(in, POLICIES), in.readInt(), in.readBoolean(), DomainFormat.timers(in)));
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
      out.writeBoolean(true);
      granted(out, granted);
    } else if (outcome instanceof ConnectOutcome.Refused refused) {
      out.writeBoolean(false);
      Wire.choice(out, ERROR_CODES, refused.code());
      Wire.optional(out, refused.departure(), DomainFormat::departure);
    }
  }

  static ConnectOutcome outcome(DataInput in) throws IOException {
    if (in.readBoolean()) {
      return granted(in);
    }
    return new ConnectOutcome.Refused(
        Wire.choice(in, ERROR_CODES), Wire.optional(in, DomainFormat::departure));
  }

  private static void granted(DataOutput out, ConnectOutcome.Granted granted) throws IOException {
    out.writeBoolean(granted.registered());
    out.writeBoolean(granted.terminated());
    out.writeBoolean(granted.repeated());
    out.writeBoolean(granted.transactionReused());
    out.writeLong(granted.stamp());
    out.writeLong(granted.seed());
    DomainFormat.addresses(out, granted.addresses());
    Wire.list(out, granted.steps(), ConnectFormat::step);
    Wire.list(out, granted.readdressed(), ConnectFormat::step);
  }

  private static ConnectOutcome.Granted granted(DataInput in) throws IOException {
    return new ConnectOutcome.Granted(
        in.readBoolean(),
        in.readBoolean(),
        in.readBoolean(),
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        DomainFormat.addresses(in),
        Wire.list(in, ConnectFormat::step),
        Wire.list(in, ConnectFormat::step));
  }

  private static void step(DataOutput out, Step step) throws IOException {
    DomainFormat.swarmKey(out, step.swarm());
    Wire.choice(out, DomainFormat.MODES, step.mode());
    Wire.choice(out, EFFECTS, step.effect());
  }

  private static Step step(DataInput in) throws IOException {
    return new Step(
        DomainFormat.swarmKey(in),
        Wire.optionalChoice(in, DomainFormat.MODES),
        Wire.choice(in, EFFECTS));
  }
}
