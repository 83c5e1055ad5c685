package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Membership;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.Readdressing;
import io.ppstp.tracker.domain.RegistrationView;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The formats of {@link PeerCommand}s. Stateless. */
final class PeerCommandFormats {
  static final CommandFormats<PeerCommand<?>> ALL =
      new CommandFormats<>(
          List.of(
              CommandFormat.changed(
                  PeerCommand.Connect.class,
                  ConnectFormat::command,
                  ConnectFormat::command,
                  ConnectFormat::outcome,
                  ConnectFormat::outcome),
              new CommandFormat<>(
                  PeerCommand.Track.class,
                  PeerCommandFormats::track,
                  in -> new PeerCommand.Track(Wire.string(in), in.readLong()),
                  DataOutput::writeBoolean,
                  DataInput::readBoolean),
              CommandFormat.changed(
                  PeerCommand.Find.class,
                  PeerCommandFormats::find,
                  PeerCommandFormats::find,
                  PeerCommandFormats::findAdmission,
                  PeerCommandFormats::findAdmission),
              CommandFormat.changed(
                  PeerCommand.Report.class,
                  PeerCommandFormats::report,
                  PeerCommandFormats::report,
                  PeerCommandFormats::reportAdmission,
                  PeerCommandFormats::reportAdmission),
              new CommandFormat<>(
                  PeerCommand.Look.class,
                  (out, it) -> Wire.string(out, it.peerId()),
                  in -> new PeerCommand.Look(Wire.string(in)),
                  (out, it) -> Wire.optional(out, it.orElse(null), PeerCommandFormats::view),
                  in -> Optional.ofNullable(Wire.optional(in, PeerCommandFormats::view))),
              new CommandFormat<>(
                  PeerCommand.Expire.class,
                  PeerCommandFormats::expire,
                  PeerCommandFormats::expire,
                  (out, it) -> Wire.list(out, it, DomainFormat::departure),
                  in -> Wire.list(in, DomainFormat::departure)),
              new CommandFormat<>(
                  PeerCommand.Forget.class,
                  (out, it) -> Wire.list(out, it.done(), DomainFormat::departure),
                  in -> new PeerCommand.Forget(Wire.list(in, DomainFormat::departure)),
                  (out, it) -> Wire.list(out, it, DomainFormat::departure),
                  in -> Wire.list(in, DomainFormat::departure)),
              new CommandFormat<>(
                  PeerCommand.FindOrphans.class,
                  (out, it) -> Wire.list(out, it.members(), PeerCommandFormats::membership),
                  in -> new PeerCommand.FindOrphans(Wire.list(in, PeerCommandFormats::membership)),
                  (out, it) -> Wire.list(out, it, PeerCommandFormats::membership),
                  in -> Wire.list(in, PeerCommandFormats::membership)),
              new CommandFormat<>(
                  PeerCommand.Save.class,
                  (out, it) -> {},
                  in -> new PeerCommand.Save(),
                  (out, it) -> Wire.list(out, it, PeerCommandFormats::touch),
                  in -> Wire.list(in, PeerCommandFormats::touch)),
              new CommandFormat<>(
                  PeerCommand.Touches.class,
                  (out, it) -> Wire.list(out, it.touches(), PeerCommandFormats::touch),
                  in -> new PeerCommand.Touches(Wire.list(in, PeerCommandFormats::touch)),
                  DataOutput::writeInt,
                  DataInput::readInt),
              new CommandFormat<>(
                  PeerCommand.Depart.class,
                  PeerCommandFormats::depart,
                  PeerCommandFormats::depart,
                  DataOutput::writeInt,
                  DataInput::readInt)));

  private PeerCommandFormats() {}

  private static void track(DataOutput out, PeerCommand.Track track) throws IOException {
    Wire.string(out, track.peerId());
    out.writeLong(track.nowMs());
  }

  private static void find(DataOutput out, PeerCommand.Find find) throws IOException {
    Wire.string(out, find.peerId());
    DomainFormat.swarmKey(out, find.swarm());
    out.writeBoolean(find.membershipRequired());
    DomainFormat.origin(out, find.origin());
    out.writeLong(find.nowMs());
  }

  private static PeerCommand.Find find(DataInput in, int version) throws IOException {
    return new PeerCommand.Find(
        Wire.string(in),
        DomainFormat.swarmKey(in),
        in.readBoolean(),
        origin(in, version),
        in.readLong());
  }

  private static void findAdmission(DataOutput out, PeerCommand.FindAdmission admission)
      throws IOException {
    Readdressing readdressing = admission.readdressing();
    Wire.flags(out, admission.allowed(), readdressing != null);
    DomainFormat.addresses(out, admission.addresses());
    if (readdressing != null) {
      DomainFormat.readdressing(out, readdressing);
    }
  }

  private static PeerCommand.FindAdmission findAdmission(DataInput in) throws IOException {
    int flags = in.readByte();
    return new PeerCommand.FindAdmission(
        Wire.flag(flags, 0),
        DomainFormat.addresses(in),
        Wire.flag(flags, 1) ? DomainFormat.readdressing(in) : null);
  }

  private static Origin origin(DataInput in, int version) throws IOException {
    return version == 1 ? Origin.UNKNOWN : DomainFormat.origin(in);
  }

  private static void report(DataOutput out, PeerCommand.Report report) throws IOException {
    Wire.string(out, report.peerId());
    Wire.list(out, report.swarms(), DomainFormat::swarmKey);
    DomainFormat.origin(out, report.origin());
    out.writeLong(report.nowMs());
  }

  private static PeerCommand.Report report(DataInput in, int version) throws IOException {
    return new PeerCommand.Report(
        Wire.string(in), Wire.list(in, DomainFormat::swarmKey), origin(in, version), in.readLong());
  }

  private static void reportAdmission(DataOutput out, PeerCommand.ReportAdmission admission)
      throws IOException {
    Readdressing readdressing = admission.readdressing();
    Wire.flags(out, admission.allowed(), readdressing != null);
    Wire.list(out, List.copyOf(admission.joined()), DomainFormat::swarmKey);
    if (readdressing != null) {
      DomainFormat.readdressing(out, readdressing);
    }
  }

  private static PeerCommand.ReportAdmission reportAdmission(DataInput in) throws IOException {
    int flags = in.readByte();
    return new PeerCommand.ReportAdmission(
        Wire.flag(flags, 0),
        Set.copyOf(Wire.list(in, DomainFormat::swarmKey)),
        Wire.flag(flags, 1) ? DomainFormat.readdressing(in) : null);
  }

  private static void expire(DataOutput out, PeerCommand.Expire expire) throws IOException {
    out.writeLong(expire.nowMs());
    out.writeInt(expire.maximum());
    DomainFormat.timers(out, expire.timers());
  }

  private static PeerCommand.Expire expire(DataInput in) throws IOException {
    return new PeerCommand.Expire(in.readLong(), in.readInt(), DomainFormat.timers(in));
  }

  private static void depart(DataOutput out, PeerCommand.Depart depart) throws IOException {
    expire(out, depart.expire());
    Wire.list(out, depart.departures(), DomainFormat::departure);
  }

  private static PeerCommand.Depart depart(DataInput in) throws IOException {
    return new PeerCommand.Depart(expire(in), Wire.list(in, DomainFormat::departure));
  }

  private static void membership(DataOutput out, Membership membership) throws IOException {
    Wire.string(out, membership.peerId());
    DomainFormat.swarmKey(out, membership.swarm());
    out.writeLong(membership.stamp());
  }

  private static Membership membership(DataInput in) throws IOException {
    return new Membership(Wire.string(in), DomainFormat.swarmKey(in), in.readLong());
  }

  private static void touch(DataOutput out, PeerCommand.Touch touch) throws IOException {
    Wire.string(out, touch.peerId());
    out.writeLong(touch.lastSeenMs());
  }

  private static PeerCommand.Touch touch(DataInput in) throws IOException {
    return new PeerCommand.Touch(Wire.string(in), in.readLong());
  }

  private static void view(DataOutput out, RegistrationView view) throws IOException {
    DomainFormat.state(out, view.state());
    out.writeLong(view.connectedAtMs());
    out.writeLong(view.lastSeenMs());
    DomainFormat.memberships(out, view.memberships());
    DomainFormat.addresses(out, view.addresses());
  }

  private static RegistrationView view(DataInput in) throws IOException {
    return new RegistrationView(
        DomainFormat.state(in),
        in.readLong(),
        in.readLong(),
        DomainFormat.memberships(in),
        DomainFormat.addresses(in));
  }
}
