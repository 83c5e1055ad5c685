package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.swarm.CompactList;
import io.ppstp.tracker.domain.swarm.LargestSwarms.SwarmSize;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.store.hazelcast.codec.RequestFormats.RequestFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The formats of {@link SwarmQuery}s and {@link SwarmChange}s. Stateless. */
public final class SwarmFormats {
  /** Those of queries. */
  public static final RequestFormats<SwarmQuery<?>> QUERIES =
      new RequestFormats<>(
          List.of(
              new RequestFormat<>(
                  SwarmQuery.DrawList.class,
                  SwarmFormats::drawList,
                  SwarmFormats::drawList,
                  SwarmFormats::peerList,
                  SwarmFormats::peerList),
              new RequestFormat<>(
                  SwarmQuery.Look.class,
                  SwarmFormats::look,
                  in -> new SwarmQuery.Look(DomainFormat.swarmKey(in), Wire.string(in)),
                  (out, it) -> Wire.optional(out, it.orElse(null), MemberFormat::member),
                  in -> Optional.ofNullable(Wire.optional(in, MemberFormat::member))),
              new RequestFormat<>(
                  SwarmQuery.Slice.class,
                  SwarmFormats::slice,
                  in -> new SwarmQuery.Slice(DomainFormat.swarmKey(in), in.readInt(), in.readInt()),
                  (out, it) -> Wire.list(out, it, MemberFormat::member),
                  in -> Wire.list(in, MemberFormat::member)),
              new RequestFormat<>(
                  SwarmQuery.FindMissing.class,
                  (out, it) -> Wire.list(out, it.memberships(), MemberFormat::membership),
                  in -> new SwarmQuery.FindMissing(Wire.list(in, MemberFormat::membership)),
                  (out, it) -> Wire.list(out, it, MemberFormat::membership),
                  in -> Wire.list(in, MemberFormat::membership)),
              new RequestFormat<>(
                  SwarmQuery.DrawMembers.class,
                  SwarmFormats::drawMembers,
                  SwarmFormats::drawMembers,
                  SwarmFormats::memberDraw,
                  in ->
                      new PeerList.MemberDraw(
                          in.readInt(), in.readInt(), Wire.list(in, Wire::string))),
              new RequestFormat<>(
                  SwarmQuery.DrawCompact.class,
                  SwarmFormats::drawCompact,
                  SwarmFormats::drawCompact,
                  SwarmFormats::compactList,
                  SwarmFormats::compactList),
              new RequestFormat<>(
                  SwarmQuery.Explain.class,
                  SelectionFormat::explain,
                  SelectionFormat::explain,
                  (out, it) -> Wire.list(out, it, SelectionFormat::reason),
                  in -> Wire.list(in, SelectionFormat::reason))));

  /** That of a batch of changes; its result has the places of those that were refused. */
  public static final RequestFormats<SwarmChange> CHANGES =
      new RequestFormats<>(
          List.of(
              new RequestFormat<SwarmChange, List<Integer>>(
                  SwarmChange.class,
                  ChangeFormat::swarms,
                  ChangeFormat::swarms,
                  (out, it) -> Wire.list(out, it, DataOutput::writeInt),
                  in -> Wire.list(in, DataInput::readInt))));

  /** No length of a list. */
  private static final int SOME_WITHHELD = -2;

  private static final int SOME_PLACED = -3;
  private static final int SOME_COSTED = -4;

  private SwarmFormats() {}

  /** Writes the size of a swarm. */
  public static void size(DataOutput out, SwarmSize size) throws IOException {
    Wire.string(out, size.swarmId());
    out.writeInt(size.leeches());
    out.writeInt(size.seeders());
  }

  /** Reads what {@link #size(DataOutput, SwarmSize)} wrote. */
  public static SwarmSize size(DataInput in) throws IOException {
    return new SwarmSize(Wire.string(in), in.readInt(), in.readInt());
  }

  private static void drawList(DataOutput out, SwarmQuery.DrawList query) throws IOException {
    DomainFormat.swarmKey(out, query.swarm());
    Wire.string(out, query.peerId());
    draw(out, query.draw());
  }

  private static SwarmQuery.DrawList drawList(DataInput in) throws IOException {
    return new SwarmQuery.DrawList(DomainFormat.swarmKey(in), Wire.string(in), draw(in));
  }

  private static void look(DataOutput out, SwarmQuery.Look look) throws IOException {
    DomainFormat.swarmKey(out, look.swarm());
    Wire.string(out, look.peerId());
  }

  private static void slice(DataOutput out, SwarmQuery.Slice slice) throws IOException {
    DomainFormat.swarmKey(out, slice.swarm());
    out.writeInt(slice.from());
    out.writeInt(slice.count());
  }

  private static void drawMembers(DataOutput out, SwarmQuery.DrawMembers query) throws IOException {
    DomainFormat.swarmKey(out, query.swarm());
    Wire.string(out, query.peerId());
    count(out, query.count(), query.selection());
    out.writeLong(query.seed());
  }

  private static SwarmQuery.DrawMembers drawMembers(DataInput in) throws IOException {
    SwarmKey swarm = DomainFormat.swarmKey(in);
    String peerId = Wire.string(in);
    int count = in.readInt();
    Selection selection = selectionAfter(in, count);
    return new SwarmQuery.DrawMembers(
        swarm, peerId, countOf(count), in.readLong(), null, selection);
  }

  /** Writes how many are wanted; the complement, if it has to be said how they are chosen. */
  private static void count(DataOutput out, int count, Selection selection) throws IOException {
    boolean random = selection.equals(Selection.RANDOM);
    out.writeInt(random ? count : ~count);
    if (!random) {
      SelectionFormat.selection(out, selection);
    }
  }

  private static int countOf(int written) {
    return written < 0 ? ~written : written;
  }

  private static Selection selectionAfter(DataInput in, int written) throws IOException {
    return written < 0 ? SelectionFormat.selection(in) : Selection.RANDOM;
  }

  private static void memberDraw(DataOutput out, PeerList.MemberDraw draw) throws IOException {
    out.writeInt(draw.seeders());
    out.writeInt(draw.members());
    Wire.list(out, draw.ids(), Wire::string);
  }

  private static void drawCompact(DataOutput out, SwarmQuery.DrawCompact query) throws IOException {
    DomainFormat.swarmKey(out, query.swarm());
    Wire.string(out, query.peerId());
    count(out, query.count(), query.selection());
    out.writeLong(query.seed());
    DomainFormat.ip(out, query.requesterIp());
  }

  private static SwarmQuery.DrawCompact drawCompact(DataInput in) throws IOException {
    SwarmKey swarm = DomainFormat.swarmKey(in);
    String peerId = Wire.string(in);
    int count = in.readInt();
    Selection selection = selectionAfter(in, count);
    return new SwarmQuery.DrawCompact(
        swarm, peerId, countOf(count), in.readLong(), DomainFormat.ip(in), selection);
  }

  private static void compactList(DataOutput out, CompactList list) throws IOException {
    out.writeInt(list.seeders());
    out.writeInt(list.members());
    Wire.bytes(out, list.v4());
    Wire.bytes(out, list.v6());
  }

  private static CompactList compactList(DataInput in) throws IOException {
    return new CompactList(in.readInt(), in.readInt(), bytes(in), bytes(in));
  }

  private static byte[] bytes(DataInput in) throws IOException {
    byte[] bytes = Wire.optionalBytes(in);
    if (bytes == null) {
      throw new IOException("addresses are absent that must not be");
    }
    return bytes;
  }

  private static void draw(DataOutput out, Draw draw) throws IOException {
    out.writeInt(draw.count());
    DomainFormat.peerNum(out, draw.wish());
    out.writeLong(draw.seed());
    out.writeInt(draw.mostBytes());
    IpAddress requesterIp = draw.requesterIp();
    boolean random = draw.selection().equals(Selection.RANDOM);
    Wire.flags(out, draw.bestAddressOnly(), requesterIp != null, !random);
    if (requesterIp != null) {
      DomainFormat.ip(out, requesterIp);
    }
    if (!random) {
      SelectionFormat.selection(out, draw.selection());
    }
  }

  private static Draw draw(DataInput in) throws IOException {
    int count = in.readInt();
    PeerNum wish = DomainFormat.peerNum(in);
    long seed = in.readLong();
    int mostBytes = in.readInt();
    int flags = in.readByte();
    return new Draw(
        count,
        wish,
        seed,
        mostBytes,
        Wire.flag(flags, 0),
        Wire.flag(flags, 1) ? DomainFormat.ip(in) : null,
        Wire.flag(flags, 2) ? SelectionFormat.selection(in) : Selection.RANDOM);
  }

  private static void peerList(DataOutput out, PeerList list) throws IOException {
    if (list.costed() > 0) {
      out.writeInt(SOME_COSTED);
      out.writeInt(list.costed());
      out.writeDouble(list.cost());
    }
    if (list.placed() > 0) {
      out.writeInt(SOME_PLACED);
      out.writeInt(list.placed());
      out.writeInt(list.near());
    }
    if (list.withheld() > 0) {
      out.writeInt(SOME_WITHHELD);
      out.writeInt(list.withheld());
    }
    Wire.bytes(out, list.entries());
  }

  private static PeerList peerList(DataInput in) throws IOException {
    int length = in.readInt();
    int withheld = 0;
    int placed = 0;
    int near = 0;
    int costed = 0;
    double cost = 0;
    if (length == SOME_COSTED) {
      costed = in.readInt();
      cost = in.readDouble();
      length = in.readInt();
    }
    if (length == SOME_PLACED) {
      placed = in.readInt();
      near = in.readInt();
      length = in.readInt();
    }
    if (length == SOME_WITHHELD) {
      withheld = in.readInt();
      length = in.readInt();
    }
    return new PeerList(Wire.optionalBytes(in, length), withheld, placed, near, costed, cost);
  }
}
