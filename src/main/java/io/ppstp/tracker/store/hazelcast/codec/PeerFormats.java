package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.PeerQuery.FindAdmission;
import io.ppstp.tracker.domain.PeerQuery.ReportAdmission;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats.RequestFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The formats of {@link PeerCommand}s and {@link PeerQuery}s. Stateless. */
public final class PeerFormats {
  /** Those of commands. */
  public static final RequestFormats<PeerCommand<?>> COMMANDS =
      new RequestFormats<>(
          List.of(
              new RequestFormat<>(
                  PeerCommand.Connect.class,
                  ConnectFormat::command,
                  ConnectFormat::command,
                  ConnectFormat::outcome,
                  ConnectFormat::outcome),
              new RequestFormat<>(
                  PeerCommand.Observe.class,
                  PeerFormats::observe,
                  PeerFormats::observe,
                  DataOutput::writeBoolean,
                  DataInput::readBoolean),
              new RequestFormat<>(
                  PeerCommand.Touch.class,
                  (out, it) -> Wire.list(out, it.heard(), DomainFormat::heard),
                  in -> new PeerCommand.Touch(Wire.list(in, DomainFormat::heard)),
                  DataOutput::writeInt,
                  DataInput::readInt),
              new RequestFormat<>(
                  PeerCommand.Expire.class,
                  PeerFormats::expire,
                  PeerFormats::expire,
                  (out, it) -> Wire.list(out, it, StateFormat::update),
                  in -> Wire.list(in, StateFormat::update)),
              new RequestFormat<>(
                  PeerCommand.StrikeOut.class,
                  (out, it) -> Wire.list(out, it.stamps(), DataOutput::writeLong),
                  in -> new PeerCommand.StrikeOut(Wire.list(in, DataInput::readLong)),
                  (out, it) -> Wire.list(out, it, StateFormat::update),
                  in -> Wire.list(in, StateFormat::update)),
              new RequestFormat<>(
                  PeerCommand.Reconcile.class,
                  PeerFormats::reconcile,
                  PeerFormats::reconcile,
                  DataOutput::writeInt,
                  DataInput::readInt)));

  /** Those of queries. */
  public static final RequestFormats<PeerQuery<?>> QUERIES =
      new RequestFormats<>(
          List.of(
              new RequestFormat<>(
                  PeerQuery.Find.class,
                  PeerFormats::find,
                  PeerFormats::find,
                  PeerFormats::findAdmission,
                  PeerFormats::findAdmission),
              new RequestFormat<>(
                  PeerQuery.Report.class,
                  PeerFormats::report,
                  PeerFormats::report,
                  PeerFormats::reportAdmission,
                  PeerFormats::reportAdmission),
              new RequestFormat<>(
                  PeerQuery.Look.class,
                  (out, it) -> Wire.string(out, it.peerId()),
                  in -> new PeerQuery.Look(Wire.string(in)),
                  (out, it) -> Wire.optional(out, it.orElse(null), PeerFormats::view),
                  in -> Optional.ofNullable(Wire.optional(in, PeerFormats::view))),
              new RequestFormat<>(
                  PeerQuery.FindOrphans.class,
                  (out, it) -> Wire.list(out, it.members(), MemberFormat::membership),
                  in -> new PeerQuery.FindOrphans(Wire.list(in, MemberFormat::membership)),
                  (out, it) -> Wire.list(out, it, MemberFormat::membership),
                  in -> Wire.list(in, MemberFormat::membership)),
              new RequestFormat<>(
                  PeerQuery.Slice.class,
                  PeerFormats::slice,
                  in -> new PeerQuery.Slice(in.readInt(), in.readInt()),
                  (out, it) -> Wire.list(out, it, MemberFormat::membership),
                  in -> Wire.list(in, MemberFormat::membership)),
              new RequestFormat<>(
                  PeerQuery.Stay.class,
                  PeerFormats::stay,
                  PeerFormats::stay,
                  DataOutput::writeBoolean,
                  DataInput::readBoolean),
              new RequestFormat<>(
                  PeerQuery.Executed.class,
                  (out, it) -> ConnectFormat.command(out, it.connect()),
                  in -> new PeerQuery.Executed(ConnectFormat.command(in)),
                  (out, it) -> Wire.optional(out, it.orElse(null), ConnectFormat::outcome),
                  in -> Optional.ofNullable(Wire.optional(in, ConnectFormat::outcome)))));

  private PeerFormats() {}

  private static void observe(DataOutput out, PeerCommand.Observe observe) throws IOException {
    Wire.string(out, observe.peerId());
    DomainFormat.origin(out, observe.origin());
    out.writeLong(observe.nowMs());
  }

  private static PeerCommand.Observe observe(DataInput in) throws IOException {
    return new PeerCommand.Observe(Wire.string(in), DomainFormat.origin(in), in.readLong());
  }

  private static void expire(DataOutput out, PeerCommand.Expire expire) throws IOException {
    out.writeLong(expire.nowMs());
    out.writeInt(expire.maximum());
    out.writeLong(expire.trackMs());
    Wire.list(out, expire.heard(), DomainFormat::heard);
  }

  private static PeerCommand.Expire expire(DataInput in) throws IOException {
    return new PeerCommand.Expire(
        in.readLong(), in.readInt(), in.readLong(), Wire.list(in, DomainFormat::heard));
  }

  private static void reconcile(DataOutput out, PeerCommand.Reconcile reconcile)
      throws IOException {
    AddressRules rules = reconcile.rules();
    Wire.list(out, reconcile.memberships(), MemberFormat::membership);
    Wire.flags(out, rules.proofRequired(), rules.privateConfined());
    out.writeInt(rules.defaultPort());
    out.writeLong(reconcile.nowMs());
  }

  private static PeerCommand.Reconcile reconcile(DataInput in) throws IOException {
    List<Membership> memberships = Wire.list(in, MemberFormat::membership);
    int flags = in.readByte();
    AddressRules rules = new AddressRules(Wire.flag(flags, 0), Wire.flag(flags, 1), in.readInt());
    return new PeerCommand.Reconcile(memberships, rules, in.readLong());
  }

  private static void find(DataOutput out, PeerQuery.Find find) throws IOException {
    Wire.string(out, find.peerId());
    DomainFormat.swarmKey(out, find.swarm());
    out.writeBoolean(find.membershipRequired());
    DomainFormat.origin(out, find.origin());
    out.writeLong(find.nowMs());
  }

  private static PeerQuery.Find find(DataInput in) throws IOException {
    return new PeerQuery.Find(
        Wire.string(in),
        DomainFormat.swarmKey(in),
        in.readBoolean(),
        DomainFormat.origin(in),
        in.readLong());
  }

  private static void findAdmission(DataOutput out, FindAdmission admission) throws IOException {
    Wire.choice(out, DomainFormat.REFUSALS, admission.refusal());
    out.writeBoolean(admission.seenElsewhere());
    DomainFormat.addresses(out, admission.addresses());
  }

  private static FindAdmission findAdmission(DataInput in) throws IOException {
    RefusalCause refusal = Wire.optionalChoice(in, DomainFormat.REFUSALS);
    boolean seenElsewhere = in.readBoolean();
    return new FindAdmission(refusal, DomainFormat.addresses(in), seenElsewhere);
  }

  private static void stay(DataOutput out, PeerQuery.Stay stay) throws IOException {
    Wire.string(out, stay.peerId());
    DomainFormat.swarmKey(out, stay.swarm());
    Wire.choice(out, DomainFormat.MODES, stay.mode());
    DomainFormat.addresses(out, stay.addresses());
    DomainFormat.origin(out, stay.origin());
    out.writeLong(stay.nowMs());
  }

  private static PeerQuery.Stay stay(DataInput in) throws IOException {
    return new PeerQuery.Stay(
        Wire.string(in),
        DomainFormat.swarmKey(in),
        Wire.choice(in, DomainFormat.MODES),
        DomainFormat.addresses(in),
        DomainFormat.origin(in),
        in.readLong());
  }

  private static void report(DataOutput out, PeerQuery.Report report) throws IOException {
    Wire.string(out, report.peerId());
    Wire.list(out, report.swarms(), DomainFormat::swarmKey);
    DomainFormat.origin(out, report.origin());
    out.writeLong(report.nowMs());
  }

  private static PeerQuery.Report report(DataInput in) throws IOException {
    return new PeerQuery.Report(
        Wire.string(in),
        Wire.list(in, DomainFormat::swarmKey),
        DomainFormat.origin(in),
        in.readLong());
  }

  private static void reportAdmission(DataOutput out, ReportAdmission admission)
      throws IOException {
    Wire.choice(out, DomainFormat.REFUSALS, admission.refusal());
    out.writeBoolean(admission.seenElsewhere());
    Wire.list(out, List.copyOf(admission.joined()), DomainFormat::swarmKey);
  }

  private static ReportAdmission reportAdmission(DataInput in) throws IOException {
    RefusalCause refusal = Wire.optionalChoice(in, DomainFormat.REFUSALS);
    boolean seenElsewhere = in.readBoolean();
    return new ReportAdmission(
        refusal, Set.copyOf(Wire.list(in, DomainFormat::swarmKey)), seenElsewhere);
  }

  private static void slice(DataOutput out, PeerQuery.Slice slice) throws IOException {
    out.writeInt(slice.from());
    out.writeInt(slice.count());
  }

  private static void view(DataOutput out, RegistrationView view) throws IOException {
    out.writeLong(view.connectedAtMs());
    out.writeLong(view.lastSeenMs());
    DomainFormat.bySwarm(out, view.memberships(), DomainFormat::mode);
    DomainFormat.addresses(out, view.addresses());
    DomainFormat.observed(out, view.observed());
    out.writeBoolean(view.authenticated());
  }

  private static RegistrationView view(DataInput in) throws IOException {
    return new RegistrationView(
        in.readLong(),
        in.readLong(),
        DomainFormat.bySwarm(in, DomainFormat::mode),
        DomainFormat.addresses(in),
        DomainFormat.observed(in),
        in.readBoolean());
  }
}
