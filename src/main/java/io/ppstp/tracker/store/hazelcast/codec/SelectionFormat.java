package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.swarm.Content;
import io.ppstp.tracker.domain.swarm.Fairness;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.Selection.Part;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The format of how members are chosen, and of why. Stateless. */
final class SelectionFormat {
  private static final List<Part> PARTS = List.of(Part.values());

  private SelectionFormat() {}

  static void selection(DataOutput out, Selection selection) throws IOException {
    out.writeShort(selection.nearPermille());
    out.writeBoolean(selection.able());
    DomainFormat.place(out, selection.from());
    PathCosts costs = selection.costs();
    out.writeByte(costs.size());
    for (int i = 0; i < costs.size(); i++) {
      out.writeInt(costs.networkAt(i));
      out.writeFloat(costs.costAt(i));
    }
    content(out, selection.content());
    fairness(out, selection.fairness());
  }

  private static void content(DataOutput out, Content content) throws IOException {
    out.writeByte(content.caches());
    out.writeFloat(content.weight());
    out.writeInt(content.upper());
    out.writeInt(content.lower());
  }

  private static Content content(DataInput in) throws IOException {
    return new Content(in.readUnsignedByte(), in.readFloat(), in.readInt(), in.readInt());
  }

  private static void fairness(DataOutput out, Fairness fairness) throws IOException {
    boolean any = !fairness.equals(Fairness.NONE);
    out.writeBoolean(any);
    if (any) {
      out.writeShort(fairness.peerRate());
      out.writeShort(fairness.cacheRate());
      out.writeLong(fairness.second());
      out.writeInt(fairness.turn());
      out.writeLong(fairness.order());
    }
  }

  private static Fairness fairness(DataInput in) throws IOException {
    return in.readBoolean()
        ? new Fairness(
            in.readUnsignedShort(),
            in.readUnsignedShort(),
            in.readLong(),
            in.readInt(),
            in.readLong())
        : Fairness.NONE;
  }

  static Selection selection(DataInput in) throws IOException {
    return new Selection(
        in.readUnsignedShort(),
        in.readBoolean(),
        DomainFormat.place(in),
        costs(in),
        content(in),
        fairness(in));
  }

  private static PathCosts costs(DataInput in) throws IOException {
    int size = in.readUnsignedByte();
    if (size > PathCosts.MOST) {
      throw new IOException("costs to " + size + " networks");
    }
    int[] networks = new int[size];
    float[] costs = new float[size];
    for (int i = 0; i < size; i++) {
      networks[i] = in.readInt();
      costs[i] = in.readFloat();
    }
    return size == 0 ? PathCosts.NONE : new PathCosts(networks, costs);
  }

  static void explain(DataOutput out, SwarmQuery.Explain query) throws IOException {
    DomainFormat.swarmKey(out, query.swarm());
    Wire.string(out, query.peerId());
    out.writeInt(query.count());
    out.writeLong(query.seed());
    DomainFormat.ip(out, query.requesterIp());
    selection(out, query.selection());
  }

  static SwarmQuery.Explain explain(DataInput in) throws IOException {
    return new SwarmQuery.Explain(
        DomainFormat.swarmKey(in),
        Wire.string(in),
        in.readInt(),
        in.readLong(),
        DomainFormat.ip(in),
        selection(in));
  }

  static void reason(DataOutput out, Reason reason) throws IOException {
    Wire.string(out, reason.peerId());
    Wire.choice(out, PARTS, reason.part());
    out.writeInt(reason.network());
    out.writeByte(reason.fitness());
  }

  static Reason reason(DataInput in) throws IOException {
    return new Reason(Wire.string(in), Wire.choice(in, PARTS), in.readInt(), in.readByte());
  }
}
