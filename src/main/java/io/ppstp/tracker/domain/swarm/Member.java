package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.IndexedSet.Identified;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer in one swarm; immutable. There is one for each of a million peers, so that two numbers
 * share a field where the second takes a bit.
 */
public final class Member implements Identified {
  private final String id;
  private final long stamp;

  /** As {@link PeerAddresses} packs them: an object less for each of a million peers. */
  private final byte[] addresses;

  private final PeerNum status;
  private final @Nullable Report report;
  private final @Nullable Observed confinedTo;
  private final int network;

  /** What {@link Place#host} says, which has 31 bits, and in the lowest bit whether it seeds. */
  private final int hostAndSeeder;

  /**
   * Makes a member.
   *
   * @param stamp of the CONNECT that brought it here; an older LEAVE or JOIN that arrives late does
   *     not touch a younger member
   * @param listing what other peers may be told of where it is, and what it is chosen by
   * @param status what the peer last stated about itself in a {@code peer_num}
   * @param stats the last report for this swarm, null before the first
   */
  public Member(
      String id,
      PeerMode mode,
      long stamp,
      Listing listing,
      PeerNum status,
      @Nullable StreamStats stats) {
    this.id = id;
    this.stamp = stamp;
    this.addresses = listing.addresses().packed();
    // Those, the most, that have not stated any share one.
    this.status = status.statesStatus() ? status : PeerNum.NOTHING;
    this.report = Report.of(stats, 0);
    this.confinedTo = listing.confinedTo();
    this.network = listing.place().network();
    this.hostAndSeeder = listing.place().host() << 1 | (mode == PeerMode.SEEDER ? 1 : 0);
  }

  /** Makes a member all of whose addresses everybody may be told. */
  public Member(
      String id,
      PeerMode mode,
      long stamp,
      PeerAddresses addresses,
      PeerNum status,
      @Nullable StreamStats stats) {
    this(id, mode, stamp, Listing.toAnyone(addresses), status, stats);
  }

  /** Makes what {@code before} becomes. */
  private Member(Member before, PeerNum status, @Nullable Report report) {
    this.id = before.id;
    this.stamp = before.stamp;
    this.addresses = before.addresses;
    this.status = status.statesStatus() ? status : PeerNum.NOTHING;
    this.report = report;
    this.confinedTo = before.confinedTo;
    this.network = before.network;
    this.hostAndSeeder = before.hostAndSeeder;
  }

  @Override
  public String id() {
    return id;
  }

  /** Returns how it takes part. */
  public PeerMode mode() {
    return (hostAndSeeder & 1) != 0 ? PeerMode.SEEDER : PeerMode.LEECH;
  }

  /** Returns the stamp of the CONNECT that brought it here. */
  public long stamp() {
    return stamp;
  }

  /** Returns the addresses that other peers may be told. */
  public PeerAddresses addresses() {
    return PeerAddresses.ofPacked(addresses);
  }

  /** Returns what the peer last stated about itself in a {@code peer_num}. */
  public PeerNum status() {
    return status;
  }

  /** Returns the last report for this swarm, null before the first. */
  public @Nullable StreamStats stats() {
    return report == null ? null : report.stats();
  }

  /** Returns the same with what else is known of it. */
  public @Nullable Report report() {
    return report;
  }

  /** Returns what {@link Listing} calls so. */
  public @Nullable Observed confinedTo() {
    return confinedTo;
  }

  /** Returns the network of {@link #place}. */
  int network() {
    return network;
  }

  /** Returns the host of {@link #place}. */
  int host() {
    return hostAndSeeder >>> 1;
  }

  /** Returns whether it seeds and somebody has vouched for it as an edge cache. */
  boolean isEdgeCache() {
    return network == Place.CACHES && (hostAndSeeder & 1) != 0;
  }

  /** Returns where the peer is. */
  public Place place() {
    return network == Place.NOWHERE ? Place.UNKNOWN : new Place(network, host());
  }

  /** Returns the P2P links that the peer last stated, by report or by status. */
  public long concurrentLinks() {
    return report == null ? status.concurrentLinks() : report.concurrentLinks();
  }

  /** Returns this member with the status and statistics of {@code before} where it has none. */
  Member keepingStatementsOf(Member before) {
    return new Member(
        this,
        status.statesStatus() ? status : before.status(),
        report == null ? before.report : report);
  }

  /** Returns this, whose report is of the swarm with this ID, with that as its ID. */
  Member in(String swarmId) {
    return report == null || report.shares(swarmId)
        ? this
        : new Member(this, status, report.in(swarmId));
  }

  /** Returns this member with what it states about itself now. */
  public Member stating(Statement statement) {
    return new Member(
        this,
        statement.status() == null ? status : statement.status(),
        statement.stats() == null ? report : Report.of(statement.stats(), statement.atS()));
  }

  /** Returns whether a requester seen from {@code ip} may be told all addresses. */
  boolean isOpenTo(@Nullable IpAddress ip) {
    return confinedTo == null || confinedTo.includes(ip);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Member that
        && stamp == that.stamp
        && network == that.network
        && hostAndSeeder == that.hostAndSeeder
        && id.equals(that.id)
        && Arrays.equals(addresses, that.addresses)
        && status.equals(that.status)
        && Objects.equals(report, that.report)
        && Objects.equals(confinedTo, that.confinedTo);
  }

  @Override
  public int hashCode() {
    return id.hashCode() * 31 + Long.hashCode(stamp);
  }

  @Override
  public String toString() {
    return "Member[%s %s since %d at %s, %s, %s, confined to %s, %s]"
        .formatted(id, mode(), stamp, addresses(), status, report, confinedTo, place());
  }

  /**
   * That a peer stands in a swarm; immutable.
   *
   * @param stamp of the CONNECT that brought it there
   */
  public record Membership(String peerId, SwarmKey swarm, long stamp) {}

  /**
   * How a peer takes part in a swarm; immutable.
   *
   * @param sinceMs since when it has been there in this mode, in milliseconds of the tracker's
   *     clock
   */
  public record Participation(PeerMode mode, long sinceMs) {

    /** Returns for how long it has lasted at {@code nowMs}, in milliseconds. */
    public long lastedMs(long nowMs) {
      return Math.max(0, nowMs - sinceMs);
    }
  }

  /**
   * What a member of a swarm states about itself between its CONNECTs; immutable. Lists are ranked
   * by it (RFC 7846, Section 3.2.2). The peer states it again before long, so it may be noted late,
   * and may be lost with a node.
   *
   * @param status from the {@code peer_num} of a FIND, null if none
   * @param stats from a STAT_REPORT, null if none
   * @param atS when the statistics came, in seconds of the tracker's clock; 0 if it does not matter
   */
  public record Statement(
      String peerId, @Nullable PeerNum status, @Nullable StreamStats stats, long atS) {

    /** Makes one of which it does not matter when it was made. */
    public Statement(String peerId, @Nullable PeerNum status, @Nullable StreamStats stats) {
      this(peerId, status, stats, 0);
    }

    /** Returns this as made at {@code second}. */
    public Statement at(long second) {
      return new Statement(peerId, status, stats, second);
    }

    /** Returns this with what {@code earlier} has besides. */
    public Statement after(Statement earlier) {
      return new Statement(
          peerId,
          status == null ? earlier.status : status,
          stats == null ? earlier.stats : stats,
          stats == null ? earlier.atS : atS);
    }
  }
}
