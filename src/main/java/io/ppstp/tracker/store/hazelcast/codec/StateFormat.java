package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Swarm;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How state objects travel between nodes, when they move or a backup is made. Stateless.
 *
 * <p>Each begins with a version byte. A release reads the version before its own too, and a release
 * that brings a new one writes the old until a configuration says that all nodes are new; so two
 * releases can run side by side during a rolling update. Versions 1 and 2 were never released and
 * are not read.
 */
public final class StateFormat {
  static final int VERSION = 3;

  private StateFormat() {}

  /** Reads the version that all begins with. */
  static void checkVersion(DataInput in) throws IOException {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException(
          "format version "
              + version
              + " is not known here; update this node to the newer release");
    }
  }

  /** Writes a shard of registrations. */
  public static void peers(DataOutput out, PeerShard shard) throws IOException {
    ShardSnapshot snapshot = shard.snapshot();
    out.writeByte(VERSION);
    out.writeLong(snapshot.lastStamp());
    Wire.list(out, snapshot.registrations(), RegistrationFormat::registration);
    Wire.list(out, snapshot.updates(), StateFormat::update);
    Wire.list(out, snapshot.terminated(), RegistrationFormat::registration);
  }

  /** Reads a shard of registrations. */
  public static PeerShard peers(DataInput in) throws IOException {
    checkVersion(in);
    return new PeerShard(
        new ShardSnapshot(
            in.readLong(),
            Wire.list(in, RegistrationFormat::registration),
            Wire.list(in, StateFormat::update),
            Wire.list(in, RegistrationFormat::registration)));
  }

  /** Writes a shard of swarms. */
  public static void swarms(DataOutput out, SwarmShard shard) throws IOException {
    out.writeByte(VERSION);
    out.writeInt(shard.size());
    for (String id : shard.ids(0, shard.size())) {
      Swarm swarm = shard.swarm(id);
      if (swarm == null) {
        throw new IOException("a swarm went while its shard was written");
      }
      Wire.string(out, id);
      out.writeInt(swarm.size());
      for (Member member : swarm.members()) {
        MemberFormat.member(out, member);
      }
    }
  }

  /** Reads a shard of swarms. */
  public static SwarmShard swarms(DataInput in) throws IOException {
    checkVersion(in);
    SwarmShard shard = new SwarmShard();
    int count = in.readInt();
    Wire.checkLength(in, count, 1);
    for (int i = 0; i < count; i++) {
      String id = Wire.string(in);
      int members = in.readInt();
      Wire.checkLength(in, members, 1);
      for (int j = 0; j < members; j++) {
        shard.unite(id, MemberFormat.member(in));
      }
    }
    return shard;
  }

  static void update(DataOutput out, ListUpdate update) throws IOException {
    Wire.string(out, update.peerId());
    out.writeLong(update.stamp());
    Wire.list(out, update.joins(), StateFormat::join);
    DomainFormat.listing(out, update.listing());
    DomainFormat.peerNum(out, update.status());
    Wire.list(out, update.leaves(), DomainFormat::swarmKey);
    Wire.optional(out, update.departure(), DomainFormat::departure);
  }

  static ListUpdate update(DataInput in) throws IOException {
    return new ListUpdate(
        Wire.string(in),
        in.readLong(),
        Wire.list(in, StateFormat::join),
        DomainFormat.listing(in),
        DomainFormat.peerNum(in),
        Wire.list(in, DomainFormat::swarmKey),
        Wire.optional(in, DomainFormat::departure));
  }

  private static void join(DataOutput out, ListUpdate.Join join) throws IOException {
    DomainFormat.swarmKey(out, join.swarm());
    Wire.choice(out, DomainFormat.MODES, join.mode());
  }

  private static ListUpdate.Join join(DataInput in) throws IOException {
    return new ListUpdate.Join(DomainFormat.swarmKey(in), Wire.choice(in, DomainFormat.MODES));
  }
}
