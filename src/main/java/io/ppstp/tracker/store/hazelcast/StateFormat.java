package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Observed;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.RegistrationSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.Swarm;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How state objects travel between nodes. Stateless.
 *
 * <p>Each begins with a version byte. A release reads the version before its own too, and a release
 * that brings a new one writes the old until a configuration says that all nodes are new; so two
 * releases can run side by side during a rolling update. Version 1 alone was never released: it is
 * read, but not written any more.
 */
final class StateFormat {
  /**
   * Version 2 brought where requests come from, in registrations and commands. Members and results
   * have what it brought besides only if there is something to say, in a way that tells it from
   * version 1.
   */
  static final int VERSION = 2;

  private static final int OLDEST = 1;

  private StateFormat() {}

  static void shard(DataOutput out, PeerShard shard) throws IOException {
    ShardSnapshot snapshot = shard.snapshot();
    out.writeByte(VERSION);
    out.writeLong(snapshot.lastStamp());
    Wire.list(out, snapshot.registrations(), StateFormat::registration);
    Wire.list(out, snapshot.departures(), DomainFormat::departure);
    Wire.list(out, snapshot.terminated(), StateFormat::registration);
  }

  static PeerShard shard(DataInput in) throws IOException {
    int version = version(in);
    return new PeerShard(
        new ShardSnapshot(
            in.readLong(),
            Wire.list(in, it -> registration(it, version)),
            Wire.list(in, DomainFormat::departure),
            Wire.list(in, it -> registration(it, version))));
  }

  private static void registration(DataOutput out, RegistrationSnapshot registration)
      throws IOException {
    Wire.string(out, registration.peerId());
    DomainFormat.state(out, registration.state());
    out.writeLong(registration.connectedAtMs());
    out.writeLong(registration.lastSeenMs());
    DomainFormat.memberships(out, registration.memberships());
    DomainFormat.addresses(out, registration.addresses());
    DomainFormat.observed(out, registration.observed());
    out.writeBoolean(registration.authenticated());
    DomainFormat.lastConnect(out, registration.lastConnect());
  }

  private static RegistrationSnapshot registration(DataInput in, int version) throws IOException {
    return new RegistrationSnapshot(
        Wire.string(in),
        DomainFormat.state(in),
        in.readLong(),
        in.readLong(),
        DomainFormat.memberships(in),
        DomainFormat.addresses(in),
        version == OLDEST ? Observed.NOTHING : DomainFormat.observed(in),
        version != OLDEST && in.readBoolean(),
        DomainFormat.lastConnect(in));
  }

  static void swarm(DataOutput out, Swarm swarm) throws IOException {
    out.writeByte(VERSION);
    Wire.list(out, swarm.members(), DomainFormat::member);
  }

  static Swarm swarm(DataInput in) throws IOException {
    version(in);
    return new Swarm(Wire.list(in, DomainFormat::member));
  }

  /** Reads the version that all begins with. */
  static int version(DataInput in) throws IOException {
    int version = in.readByte();
    if (version < OLDEST || version > VERSION) {
      throw new IOException(
          "format version "
              + version
              + " is not known here; update this node to the newer release");
    }
    return version;
  }
}
