package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
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
  static final List<RefusalCause> REFUSALS =
      List.of(
          RefusalCause.FOREIGN,
          RefusalCause.UNREGISTERED,
          RefusalCause.NOT_A_MEMBER,
          RefusalCause.COMBINATION,
          RefusalCause.NOTHING_DONE,
          RefusalCause.TRANSACTION_REUSED,
          RefusalCause.LATE,
          RefusalCause.FULL,
          RefusalCause.CLIENT_LIMIT,
          RefusalCause.BUSY,
          RefusalCause.CLOSED);
  private static final List<Departure.Cause> CAUSES =
      List.of(
          Departure.Cause.TIMED_OUT,
          Departure.Cause.TERMINATED,
          Departure.Cause.REPLACED,
          Departure.Cause.MERGED,
          Departure.Cause.MERGED_AWAY);

  private DomainFormat() {}

  static void swarmKey(DataOutput out, SwarmKey key) throws IOException {
    Wire.string(out, key.swarmId());
  }

  static SwarmKey swarmKey(DataInput in) throws IOException {
    return new SwarmKey(Wire.string(in));
  }

  static <V> void bySwarm(DataOutput out, Map<SwarmKey, V> all, Wire.Writer<V> writer)
      throws IOException {
    List<SwarmKey> swarms = new ArrayList<>(all.keySet());
    // Equal memberships are written alike, whatever their history: digests are made of this.
    swarms.sort(Comparator.comparing(SwarmKey::swarmId));
    out.writeInt(swarms.size());
    for (SwarmKey swarm : swarms) {
      swarmKey(out, swarm);
      writer.write(out, Objects.requireNonNull(all.get(swarm)));
    }
  }

  static <V> Map<SwarmKey, V> bySwarm(DataInput in, Wire.Reader<V> reader) throws IOException {
    int size = in.readInt();
    Wire.checkLength(in, size, 1);
    Map<SwarmKey, V> all = new HashMap<>();
    for (int i = 0; i < size; i++) {
      all.put(swarmKey(in), reader.read(in));
    }
    return all;
  }

  static void mode(DataOutput out, PeerMode mode) throws IOException {
    Wire.choice(out, MODES, mode);
  }

  static PeerMode mode(DataInput in) throws IOException {
    return Wire.choice(in, MODES);
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
    Place place = listing.place();
    addresses(out, listing.addresses());
    Wire.flags(out, listing.confinedTo() != null, place.isKnown());
    if (listing.confinedTo() != null) {
      observed(out, listing.confinedTo());
    }
    if (place.isKnown()) {
      place(out, place);
    }
  }

  static Listing listing(DataInput in) throws IOException {
    PeerAddresses addresses = addresses(in);
    int flags = in.readByte();
    return new Listing(
        addresses,
        Wire.flag(flags, 0) ? observed(in) : null,
        Wire.flag(flags, 1) ? place(in) : Place.UNKNOWN);
  }

  static void place(DataOutput out, Place place) throws IOException {
    out.writeInt(place.network());
    out.writeInt(place.host());
  }

  static Place place(DataInput in) throws IOException {
    return new Place(in.readInt(), in.readInt());
  }

  static void origin(DataOutput out, Origin origin) throws IOException {
    AddressRules rules = origin.rules();
    ip(out, origin.ip());
    boolean placed = origin.network() != Place.NOWHERE;
    Wire.flags(out, origin.authenticated(), rules.proofRequired(), rules.privateConfined(), placed);
    out.writeInt(rules.defaultPort());
    claim(out, origin.claim());
    if (placed) {
      out.writeInt(origin.network());
    }
  }

  static Origin origin(DataInput in) throws IOException {
    IpAddress ip = ip(in);
    int flags = in.readByte();
    AddressRules rules = new AddressRules(Wire.flag(flags, 1), Wire.flag(flags, 2), in.readInt());
    Claim claim = claim(in);
    int network = Wire.flag(flags, 3) ? in.readInt() : Place.NOWHERE;
    return new Origin(ip, Wire.flag(flags, 0), rules, claim, network);
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

  static void secretHash(DataOutput out, SecretHash hash) throws IOException {
    out.writeLong(hash.high());
    out.writeLong(hash.low());
  }

  static SecretHash secretHash(DataInput in) throws IOException {
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

  static void departure(DataOutput out, Departure departure) throws IOException {
    Wire.string(out, departure.peerId());
    out.writeLong(departure.atMs());
    Wire.list(out, departure.ended(), DomainFormat::ended);
    Wire.choice(out, CAUSES, departure.cause());
  }

  static Departure departure(DataInput in) throws IOException {
    return new Departure(
        Wire.string(in),
        in.readLong(),
        Wire.list(in, DomainFormat::ended),
        Wire.choice(in, CAUSES));
  }

  private static void ended(DataOutput out, Ended ended) throws IOException {
    swarmKey(out, ended.swarm());
    out.writeLong(ended.watchedMs());
  }

  private static Ended ended(DataInput in) throws IOException {
    return new Ended(swarmKey(in), in.readLong());
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
}
