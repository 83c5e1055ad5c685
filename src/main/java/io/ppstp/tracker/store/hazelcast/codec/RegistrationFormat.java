package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.LastConnect;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a registration is written, in state and in changes alike. Stateless. */
final class RegistrationFormat {
  private RegistrationFormat() {}

  static void registration(DataOutput out, RegistrationSnapshot registration) throws IOException {
    Wire.string(out, registration.peerId());
    out.writeLong(registration.connectedAtMs());
    out.writeLong(registration.lastSeenMs());
    DomainFormat.bySwarm(out, registration.memberships(), RegistrationFormat::participation);
    DomainFormat.addresses(out, registration.addresses());
    DomainFormat.observed(out, registration.observed());
    Wire.flags(out, registration.authenticated(), registration.network() != Place.NOWHERE);
    secrets(out, registration.secrets());
    lastConnect(out, registration.lastConnect());
    if (registration.network() != Place.NOWHERE) {
      out.writeInt(registration.network());
    }
  }

  static RegistrationSnapshot registration(DataInput in) throws IOException {
    String peerId = Wire.string(in);
    long connectedAtMs = in.readLong();
    long lastSeenMs = in.readLong();
    Map<SwarmKey, Participation> memberships =
        DomainFormat.bySwarm(in, RegistrationFormat::participation);
    PeerAddresses addresses = DomainFormat.addresses(in);
    Observed observed = DomainFormat.observed(in);
    int flags = in.readByte();
    return new RegistrationSnapshot(
        peerId,
        connectedAtMs,
        lastSeenMs,
        memberships,
        addresses,
        observed,
        Wire.flag(flags, 0),
        secrets(in),
        lastConnect(in),
        Wire.flag(flags, 1) ? in.readInt() : Place.NOWHERE);
  }

  private static void participation(DataOutput out, Participation there) throws IOException {
    DomainFormat.mode(out, there.mode());
    out.writeLong(there.sinceMs());
  }

  private static Participation participation(DataInput in) throws IOException {
    return new Participation(DomainFormat.mode(in), in.readLong());
  }

  private static void secrets(DataOutput out, Secrets secrets) throws IOException {
    Wire.optional(out, secrets.latest(), DomainFormat::secretHash);
    Wire.optional(out, secrets.earlier(), DomainFormat::secretHash);
  }

  private static Secrets secrets(DataInput in) throws IOException {
    return new Secrets(
        Wire.optional(in, DomainFormat::secretHash), Wire.optional(in, DomainFormat::secretHash));
  }

  /** Writes a CONNECT and those before it that are remembered with it. */
  private static void lastConnect(DataOutput out, LastConnect last) throws IOException {
    List<LastConnect> oldestFirst = new ArrayList<>(1);
    for (LastConnect one = last; one != null; one = one.earlier()) {
      oldestFirst.add(0, one);
    }
    Wire.list(out, oldestFirst, RegistrationFormat::oneConnect);
  }

  private static LastConnect lastConnect(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 1 || count > 1 + LastConnect.MOST_EARLIER) {
      throw new IOException("no registration remembers " + count + " CONNECTs");
    }
    LastConnect last = oneConnect(in, null);
    for (int i = 1; i < count; i++) {
      last = oneConnect(in, last);
    }
    return last;
  }

  private static void oneConnect(DataOutput out, LastConnect one) throws IOException {
    out.writeLong(one.stamp());
    out.writeLong(one.seed());
    out.writeLong(one.atMs());
    out.writeLong(one.transactionHash());
    out.writeLong(one.digest());
    Wire.bytes(out, one.unusual() == null ? null : one.unusual().toByteArray());
  }

  private static LastConnect oneConnect(DataInput in, @Nullable LastConnect earlier)
      throws IOException {
    long stamp = in.readLong();
    long seed = in.readLong();
    long atMs = in.readLong();
    long transactionHash = in.readLong();
    long digest = in.readLong();
    byte[] unusual = Wire.optionalBytes(in);
    return new LastConnect(
        stamp,
        seed,
        atMs,
        transactionHash,
        digest,
        unusual == null ? null : BitSet.valueOf(unusual),
        earlier);
  }
}
