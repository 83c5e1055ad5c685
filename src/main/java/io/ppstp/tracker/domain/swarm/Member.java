package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.IndexedSet.Identified;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import org.jspecify.annotations.Nullable;

/**
 * A peer in one swarm; immutable.
 *
 * @param stamp of the CONNECT that brought it here; an older LEAVE or JOIN that arrives late does
 *     not touch a younger member
 * @param status what the peer last stated about itself in a {@code peer_num}
 * @param stats the last report for this swarm, null before the first
 * @param confinedTo as in {@link io.ppstp.tracker.domain.address.Listing}
 */
public record Member(
    String id,
    PeerMode mode,
    long stamp,
    PeerAddresses addresses,
    PeerNum status,
    @Nullable StreamStats stats,
    @Nullable Observed confinedTo)
    implements Identified {

  /** Shares the status of those, the most, that have not stated any. */
  public Member {
    status = status.statesStatus() ? status : PeerNum.NOTHING;
  }

  /** Makes a member all of whose addresses everybody may be told. */
  public Member(
      String id,
      PeerMode mode,
      long stamp,
      PeerAddresses addresses,
      PeerNum status,
      @Nullable StreamStats stats) {
    this(id, mode, stamp, addresses, status, stats, null);
  }

  /** Returns the P2P links that the peer last stated, by report or by status. */
  public long concurrentLinks() {
    return stats == null ? status.concurrentLinks() : stats.concurrentLinks();
  }

  /** Returns this member with the status and statistics of {@code before} where it has none. */
  Member keepingStatementsOf(Member before) {
    PeerNum statedStatus = status.statesStatus() ? status : before.status();
    StreamStats statedStats = stats == null ? before.stats() : stats;
    return new Member(id, mode, stamp, addresses, statedStatus, statedStats, confinedTo);
  }

  /** Returns this member with what it states about itself now. */
  public Member stating(Statement statement) {
    return new Member(
        id,
        mode,
        stamp,
        addresses,
        statement.status() == null ? status : statement.status(),
        statement.stats() == null ? stats : statement.stats(),
        confinedTo);
  }

  /** Returns whether a requester seen from {@code ip} may be told all addresses. */
  boolean isOpenTo(@Nullable IpAddress ip) {
    return confinedTo == null || confinedTo.includes(ip);
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
   */
  public record Statement(String peerId, @Nullable PeerNum status, @Nullable StreamStats stats) {

    /** Returns this with what {@code earlier} has besides. */
    public Statement after(Statement earlier) {
      return new Statement(
          peerId, status == null ? earlier.status : status, stats == null ? earlier.stats : stats);
    }
  }
}
