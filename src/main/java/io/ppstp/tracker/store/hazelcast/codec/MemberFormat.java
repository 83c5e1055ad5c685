package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.Report;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The format of members of swarms, and of what they state about themselves. Stateless. */
final class MemberFormat {
  private MemberFormat() {}

  /**
   * Writes a statement. Of a report it is written when it was made, and whether its peer is
   * constrained, only where the operator has chosen what needs it: older releases know neither.
   */
  static void statement(DataOutput out, Statement statement) throws IOException {
    Wire.string(out, statement.peerId());
    Wire.optional(out, statement.status(), DomainFormat::peerNum);
    StreamStats stats = statement.stats();
    if (stats == null) {
      Wire.flags(out, false);
    } else {
      boolean timed = statement.atS() != 0;
      Wire.flags(out, true, timed && stats.constrained(), timed);
      report(out, stats, statement.atS());
    }
  }

  static Statement statement(DataInput in) throws IOException {
    String peerId = Wire.string(in);
    PeerNum status = Wire.optional(in, DomainFormat::peerNum);
    int flags = in.readByte();
    return Wire.flag(flags, 0)
        ? report(in, peerId, status, Wire.flag(flags, 1), Wire.flag(flags, 2))
        : new Statement(peerId, status, null);
  }

  private static void report(DataOutput out, StreamStats stats, long atS) throws IOException {
    Wire.string(out, stats.swarmId());
    out.writeLong(stats.uploadedBytes());
    out.writeLong(stats.downloadedBytes());
    out.writeLong(stats.availableBandwidth());
    out.writeLong(stats.concurrentLinks());
    if (atS != 0) {
      out.writeInt((int) atS);
    }
  }

  private static Statement report(
      DataInput in, String peerId, @Nullable PeerNum status, boolean constrained, boolean timed)
      throws IOException {
    StreamStats stats =
        new StreamStats(
            Wire.string(in),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            constrained);
    long atS = timed ? Integer.toUnsignedLong(in.readInt()) : 0;
    return new Statement(peerId, status, stats, atS);
  }

  static void member(DataOutput out, Member member) throws IOException {
    Wire.string(out, member.id());
    Wire.choice(out, DomainFormat.MODES, member.mode());
    out.writeLong(member.stamp());
    DomainFormat.addresses(out, member.addresses());
    DomainFormat.peerNum(out, member.status());
    Report report = member.report();
    Observed confinedTo = member.confinedTo();
    Place place = member.place();
    Wire.flags(
        out,
        report != null,
        confinedTo != null,
        place.isKnown(),
        report != null && report.stats().constrained(),
        report != null && report.atS() != 0);
    if (report != null) {
      report(out, report.stats(), report.atS());
    }
    if (confinedTo != null) {
      DomainFormat.observed(out, confinedTo);
    }
    if (place.isKnown()) {
      DomainFormat.place(out, place);
    }
  }

  static Member member(DataInput in) throws IOException {
    String id = Wire.string(in);
    PeerMode mode = Wire.choice(in, DomainFormat.MODES);
    long stamp = in.readLong();
    PeerAddresses addresses = DomainFormat.addresses(in);
    PeerNum status = DomainFormat.peerNum(in);
    int flags = in.readByte();
    Statement stated =
        Wire.flag(flags, 0)
            ? report(in, id, status, Wire.flag(flags, 3), Wire.flag(flags, 4))
            : null;
    Listing listing =
        new Listing(
            addresses,
            Wire.flag(flags, 1) ? DomainFormat.observed(in) : null,
            Wire.flag(flags, 2) ? DomainFormat.place(in) : Place.UNKNOWN);
    Member member = new Member(id, mode, stamp, listing, status, null);
    return stated == null ? member : member.stating(stated);
  }

  static void membership(DataOutput out, Membership membership) throws IOException {
    Wire.string(out, membership.peerId());
    DomainFormat.swarmKey(out, membership.swarm());
    out.writeLong(membership.stamp());
  }

  static Membership membership(DataInput in) throws IOException {
    return new Membership(Wire.string(in), DomainFormat.swarmKey(in), in.readLong());
  }
}
