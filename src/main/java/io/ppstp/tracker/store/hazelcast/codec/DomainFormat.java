package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.LastConnect;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.address.RegistrationSecret.Secrets;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the domain's small records are written, in state and in commands alike. Stateless. */
public final class DomainFormat {
  static final List<PeerMode> MODES = List.of(PeerMode.SEEDER, PeerMode.LEECH);
  private static final List<AddressType> ADDRESS_TYPES =
      List.of(AddressType.HOST, AddressType.REFLEXIVE, AddressType.PROXY);
  private static final List<AccessType> ACCESS_TYPES =
      List.of(AccessType.WIRELESS, AccessType.WIRED);
  private static final List<NatAbility> NAT_ABILITIES =
      List.of(NatAbility.NO_NAT, NatAbility.STUN, NatAbility.TURN);
  private static final List<Departure.Cause> CAUSES =
      List.of(Departure.Cause.TIMED_OUT, Departure.Cause.TERMINATED, Departure.Cause.REPLACED);

  private DomainFormat() {}

  static void swarmKey(DataOutput out, SwarmKey key) throws IOException {
    Wire.string(out, key.swarmId());
  }

  static SwarmKey swarmKey(DataInput in) throws IOException {
    return new SwarmKey(Wire.string(in));
  }

  static void memberships(DataOutput out, Map<SwarmKey, PeerMode> memberships) throws IOException {
    List<SwarmKey> swarms = new ArrayList<>(memberships.keySet());
    // Equal memberships are written alike, whatever their history: digests are made of this.
    swarms.sort(Comparator.comparing(SwarmKey::swarmId));
    out.writeInt(swarms.size());
    for (SwarmKey swarm : swarms) {
      swarmKey(out, swarm);
      Wire.choice(out, MODES, memberships.get(swarm));
    }
  }

  static Map<SwarmKey, PeerMode> memberships(DataInput in) throws IOException {
    int size = in.readInt();
    Wire.checkLength(in, size, 1);
    Map<SwarmKey, PeerMode> memberships = new HashMap<>();
    for (int i = 0; i < size; i++) {
      memberships.put(swarmKey(in), Wire.choice(in, MODES));
    }
    return memberships;
  }

  private static void address(DataOutput out, PeerAddress address) throws IOException {
    Wire.bytes(out, address.ip().toBytes());
    out.writeShort(address.port());
    out.writeLong(address.priority());
    Wire.choice(out, ADDRESS_TYPES, address.type());
    Wire.choice(out, ACCESS_TYPES, address.access());
    Wire.string(out, address.asn());
    Wire.string(out, address.peerProtocol());
  }

  private static PeerAddress address(DataInput in) throws IOException {
    return new PeerAddress(
        IpAddress.ofBytes(Objects.requireNonNull(Wire.optionalBytes(in))),
        in.readUnsignedShort(),
        in.readLong(),
        Wire.choice(in, ADDRESS_TYPES),
        Wire.optionalChoice(in, ACCESS_TYPES),
        Wire.optionalString(in),
        Wire.optionalString(in));
  }

  static void addresses(DataOutput out, PeerAddresses addresses) throws IOException {
    Wire.flags(out, addresses.advertised(), addresses.vouched());
    Wire.list(out, addresses.all(), DomainFormat::address);
  }

  static PeerAddresses addresses(DataInput in) throws IOException {
    int flags = in.readByte();
    return new PeerAddresses(
        Wire.list(in, DomainFormat::address), Wire.flag(flags, 0), Wire.flag(flags, 1));
  }

  static void ip(DataOutput out, @Nullable IpAddress ip) throws IOException {
    Wire.bytes(out, ip == null ? null : ip.toBytes());
  }

  static @Nullable IpAddress ip(DataInput in) throws IOException {
    byte[] bytes = Wire.optionalBytes(in);
    return bytes == null ? null : IpAddress.ofBytes(bytes);
  }

  static void observed(DataOutput out, Observed observed) throws IOException {
    ip(out, observed.v4());
    ip(out, observed.v6());
  }

  static Observed observed(DataInput in) throws IOException {
    return new Observed(ip(in), ip(in));
  }

  static void listing(DataOutput out, Listing listing) throws IOException {
    addresses(out, listing.addresses());
    Wire.optional(out, listing.confinedTo(), DomainFormat::observed);
  }

  static Listing listing(DataInput in) throws IOException {
    return new Listing(addresses(in), Wire.optional(in, DomainFormat::observed));
  }

  static void origin(DataOutput out, Origin origin) throws IOException {
    AddressRules rules = origin.rules();
    ip(out, origin.ip());
    Wire.flags(out, origin.authenticated(), rules.proofRequired(), rules.privateConfined());
    out.writeInt(rules.defaultPort());
    claim(out, origin.claim());
  }

  static Origin origin(DataInput in) throws IOException {
    IpAddress ip = ip(in);
    int flags = in.readByte();
    AddressRules rules = new AddressRules(Wire.flag(flags, 1), Wire.flag(flags, 2), in.readInt());
    return new Origin(ip, Wire.flag(flags, 0), rules, claim(in));
  }

  private static void claim(DataOutput out, Claim claim) throws IOException {
    out.writeByte(claim.ipv6Bits());
    Wire.optional(out, claim.proof(), DomainFormat::secretHash);
    Wire.optional(out, claim.offer(), DomainFormat::secretHash);
  }

  private static Claim claim(DataInput in) throws IOException {
    return new Claim(
        in.readUnsignedByte(),
        Wire.optional(in, DomainFormat::secretHash),
        Wire.optional(in, DomainFormat::secretHash));
  }

  static void secrets(DataOutput out, Secrets secrets) throws IOException {
    Wire.optional(out, secrets.latest(), DomainFormat::secretHash);
    Wire.optional(out, secrets.earlier(), DomainFormat::secretHash);
  }

  static Secrets secrets(DataInput in) throws IOException {
    return new Secrets(
        Wire.optional(in, DomainFormat::secretHash), Wire.optional(in, DomainFormat::secretHash));
  }

  private static void secretHash(DataOutput out, SecretHash hash) throws IOException {
    out.writeLong(hash.high());
    out.writeLong(hash.low());
  }

  private static SecretHash secretHash(DataInput in) throws IOException {
    return new SecretHash(in.readLong(), in.readLong());
  }

  static void peerNum(DataOutput out, PeerNum peerNum) throws IOException {
    out.writeLong(peerNum.peerCount());
    Wire.choice(out, NAT_ABILITIES, peerNum.natAbility());
    out.writeLong(peerNum.concurrentLinks());
    out.writeLong(peerNum.onlineTime());
    out.writeLong(peerNum.uploadBandwidth());
  }

  static PeerNum peerNum(DataInput in) throws IOException {
    return new PeerNum(
        in.readLong(),
        Wire.optionalChoice(in, NAT_ABILITIES),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  static void stats(DataOutput out, StreamStats stats) throws IOException {
    Wire.string(out, stats.swarmId());
    out.writeLong(stats.uploadedBytes());
    out.writeLong(stats.downloadedBytes());
    out.writeLong(stats.availableBandwidth());
    out.writeLong(stats.concurrentLinks());
  }

  static StreamStats stats(DataInput in) throws IOException {
    return new StreamStats(
        Wire.string(in), in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  static void member(DataOutput out, Member member) throws IOException {
    Wire.string(out, member.id());
    Wire.choice(out, MODES, member.mode());
    out.writeLong(member.stamp());
    addresses(out, member.addresses());
    peerNum(out, member.status());
    StreamStats stats = member.stats();
    Observed confinedTo = member.confinedTo();
    Wire.flags(out, stats != null, confinedTo != null);
    if (stats != null) {
      stats(out, stats);
    }
    if (confinedTo != null) {
      observed(out, confinedTo);
    }
  }

  static Member member(DataInput in) throws IOException {
    String id = Wire.string(in);
    PeerMode mode = Wire.choice(in, MODES);
    long stamp = in.readLong();
    PeerAddresses addresses = addresses(in);
    PeerNum status = peerNum(in);
    int flags = in.readByte();
    return new Member(
        id,
        mode,
        stamp,
        addresses,
        status,
        Wire.flag(flags, 0) ? stats(in) : null,
        Wire.flag(flags, 1) ? observed(in) : null);
  }

  /** Writes a CONNECT and those before it that are remembered with it. */
  static void lastConnect(DataOutput out, LastConnect last) throws IOException {
    List<LastConnect> oldestFirst = new ArrayList<>(1);
    for (LastConnect one = last; one != null; one = one.earlier()) {
      oldestFirst.add(0, one);
    }
    Wire.list(out, oldestFirst, DomainFormat::oneConnect);
  }

  static LastConnect lastConnect(DataInput in) throws IOException {
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
    Wire.bytes(out, one.failed() == null ? null : one.failed().toByteArray());
  }

  private static LastConnect oneConnect(DataInput in, @Nullable LastConnect earlier)
      throws IOException {
    long stamp = in.readLong();
    long seed = in.readLong();
    long atMs = in.readLong();
    long transactionHash = in.readLong();
    long digest = in.readLong();
    byte[] failed = Wire.optionalBytes(in);
    return new LastConnect(
        stamp,
        seed,
        atMs,
        transactionHash,
        digest,
        failed == null ? null : BitSet.valueOf(failed),
        earlier);
  }

  static void departure(DataOutput out, Departure departure) throws IOException {
    Wire.string(out, departure.peerId());
    out.writeLong(departure.atMs());
    Wire.list(out, departure.swarms(), DomainFormat::swarmKey);
    Wire.choice(out, CAUSES, departure.cause());
  }

  static Departure departure(DataInput in) throws IOException {
    return new Departure(
        Wire.string(in),
        in.readLong(),
        Wire.list(in, DomainFormat::swarmKey),
        Wire.choice(in, CAUSES));
  }

  /** Writes when a peer was heard of. */
  public static void heard(DataOutput out, Heard heard) throws IOException {
    Wire.string(out, heard.peerId());
    out.writeLong(heard.atMs());
  }

  /** Reads when a peer was heard of. */
  public static Heard heard(DataInput in) throws IOException {
    return new Heard(Wire.string(in), in.readLong());
  }

  static void membership(DataOutput out, Membership membership) throws IOException {
    Wire.string(out, membership.peerId());
    swarmKey(out, membership.swarm());
    out.writeLong(membership.stamp());
  }

  static Membership membership(DataInput in) throws IOException {
    return new Membership(Wire.string(in), swarmKey(in), in.readLong());
  }
}
