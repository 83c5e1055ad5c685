package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.PeerList;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The formats of {@link SwarmCommand}s. Stateless. */
final class SwarmCommandFormats {
  static final CommandFormats<SwarmCommand<?>> ALL =
      new CommandFormats<>(
          List.of(
              new CommandFormat<>(
                  SwarmCommand.Join.class,
                  SwarmCommandFormats::join,
                  SwarmCommandFormats::join,
                  SwarmCommandFormats::peerList,
                  SwarmCommandFormats::peerList),
              new CommandFormat<>(
                  SwarmCommand.Leave.class,
                  SwarmCommandFormats::leave,
                  SwarmCommandFormats::leave,
                  DataOutput::writeBoolean,
                  DataInput::readBoolean),
              new CommandFormat<>(
                  SwarmCommand.LeaveAll.class,
                  (out, it) -> Wire.list(out, it.leaves(), SwarmCommandFormats::leave),
                  in -> new SwarmCommand.LeaveAll(Wire.list(in, SwarmCommandFormats::leave)),
                  DataOutput::writeInt,
                  DataInput::readInt),
              new CommandFormat<>(
                  SwarmCommand.Find.class,
                  SwarmCommandFormats::find,
                  SwarmCommandFormats::find,
                  SwarmCommandFormats::peerList,
                  SwarmCommandFormats::peerList),
              new CommandFormat<>(
                  SwarmCommand.Report.class,
                  SwarmCommandFormats::report,
                  SwarmCommandFormats::report,
                  DataOutput::writeBoolean,
                  DataInput::readBoolean),
              new CommandFormat<>(
                  SwarmCommand.Look.class,
                  (out, it) -> Wire.string(out, it.peerId()),
                  in -> new SwarmCommand.Look(Wire.string(in)),
                  (out, it) -> Wire.optional(out, it.orElse(null), DomainFormat::member),
                  in -> Optional.ofNullable(Wire.optional(in, DomainFormat::member))),
              new CommandFormat<>(
                  SwarmCommand.Slice.class,
                  SwarmCommandFormats::slice,
                  in -> new SwarmCommand.Slice(in.readInt(), in.readInt()),
                  (out, it) -> Wire.list(out, it, DomainFormat::member),
                  in -> Wire.list(in, DomainFormat::member)),
              new CommandFormat<>(
                  SwarmCommand.Readdress.class,
                  SwarmCommandFormats::readdress,
                  SwarmCommandFormats::readdress,
                  DataOutput::writeBoolean,
                  DataInput::readBoolean)));

  /** No length of a list. */
  private static final int SOME_WITHHELD = -2;

  private SwarmCommandFormats() {}

  private static void join(DataOutput out, SwarmCommand.Join join) throws IOException {
    DomainFormat.member(out, join.member());
    Wire.optional(out, join.draw(), SwarmCommandFormats::draw);
  }

  private static SwarmCommand.Join join(DataInput in) throws IOException {
    return new SwarmCommand.Join(
        DomainFormat.member(in), Wire.optional(in, SwarmCommandFormats::draw));
  }

  private static void leave(DataOutput out, SwarmCommand.Leave leave) throws IOException {
    Wire.string(out, leave.peerId());
    out.writeLong(leave.stamp());
  }

  private static SwarmCommand.Leave leave(DataInput in) throws IOException {
    return new SwarmCommand.Leave(Wire.string(in), in.readLong());
  }

  private static void find(DataOutput out, SwarmCommand.Find find) throws IOException {
    Wire.string(out, find.peerId());
    DomainFormat.peerNum(out, find.status());
    draw(out, find.draw());
  }

  private static SwarmCommand.Find find(DataInput in) throws IOException {
    return new SwarmCommand.Find(Wire.string(in), DomainFormat.peerNum(in), draw(in));
  }

  private static void report(DataOutput out, SwarmCommand.Report report) throws IOException {
    Wire.string(out, report.peerId());
    DomainFormat.stats(out, report.stats());
  }

  private static SwarmCommand.Report report(DataInput in) throws IOException {
    return new SwarmCommand.Report(Wire.string(in), DomainFormat.stats(in));
  }

  private static void readdress(DataOutput out, SwarmCommand.Readdress readdress)
      throws IOException {
    Wire.string(out, readdress.peerId());
    out.writeLong(readdress.stamp());
    DomainFormat.listing(out, readdress.listing());
  }

  private static SwarmCommand.Readdress readdress(DataInput in) throws IOException {
    return new SwarmCommand.Readdress(Wire.string(in), in.readLong(), DomainFormat.listing(in));
  }

  private static void slice(DataOutput out, SwarmCommand.Slice slice) throws IOException {
    out.writeInt(slice.from());
    out.writeInt(slice.count());
  }

  private static void draw(DataOutput out, Draw draw) throws IOException {
    out.writeInt(draw.count());
    DomainFormat.peerNum(out, draw.wish());
    out.writeLong(draw.seed());
    IpAddress requesterIp = draw.requesterIp();
    Wire.flags(out, draw.bestAddressOnly(), requesterIp != null);
    if (requesterIp != null) {
      DomainFormat.ip(out, requesterIp);
    }
  }

  private static Draw draw(DataInput in) throws IOException {
    int count = in.readInt();
    PeerNum wish = DomainFormat.peerNum(in);
    long seed = in.readLong();
    int flags = in.readByte();
    return new Draw(
        count, wish, seed, Wire.flag(flags, 0), Wire.flag(flags, 1) ? DomainFormat.ip(in) : null);
  }

  private static void peerList(DataOutput out, PeerList list) throws IOException {
    if (list.withheld() > 0) {
      out.writeInt(SOME_WITHHELD);
      out.writeInt(list.withheld());
    }
    Wire.bytes(out, list.entries());
  }

  private static PeerList peerList(DataInput in) throws IOException {
    int length = in.readInt();
    int withheld = 0;
    if (length == SOME_WITHHELD) {
      withheld = in.readInt();
      length = in.readInt();
    }
    return new PeerList(Wire.optionalBytes(in, length), withheld);
  }
}
