package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.protocol.Request.StreamStats;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a swarm has reported last (RFC 7846, Section 3.2.5), and when; immutable. There
 * is one for nearly each of a million peers, so that the swarm's ID is the swarm's own, and not
 * that of the message.
 */
public final class Report {
  /** Beyond, it says nothing about what its peer can do now. */
  private static final int FRESH_S = 120;

  private final String swarmId;
  private final long uploadedBytes;
  private final long downloadedBytes;
  private final long availableBandwidth;
  private final long concurrentLinks;

  /** In seconds of the tracker's clock, as 32 bits without a sign; 0 if that is not known. */
  private final int atS;

  private final boolean constrained;

  private Report(String swarmId, StreamStats stats, int atS) {
    this.swarmId = swarmId;
    this.uploadedBytes = stats.uploadedBytes();
    this.downloadedBytes = stats.downloadedBytes();
    this.availableBandwidth = stats.availableBandwidth();
    this.concurrentLinks = stats.concurrentLinks();
    this.constrained = stats.constrained() && atS != 0;
    this.atS = atS;
  }

  /**
   * Returns a report.
   *
   * @param stats null if there are none, which gives null
   * @param atS when it was made, in seconds of the tracker's clock; 0 if that does not matter, nor
   *     whether the peer is constrained
   */
  static @Nullable Report of(@Nullable StreamStats stats, long atS) {
    return stats == null ? null : new Report(stats.swarmId(), stats, (int) atS);
  }

  /** Returns this with the ID of its swarm as the swarm itself has it. */
  Report in(String swarm) {
    return new Report(swarm, stats(), atS);
  }

  /** Returns whether the ID of its swarm is this very object: an equal one takes memory. */
  @SuppressWarnings("ReferenceEquality")
  boolean shares(String swarm) {
    return swarmId == swarm;
  }

  /** Returns what was reported. */
  public StreamStats stats() {
    return new StreamStats(
        swarmId, uploadedBytes, downloadedBytes, availableBandwidth, concurrentLinks, constrained);
  }

  /** Returns when, in seconds of the tracker's clock; 0 if that is not known. */
  public long atS() {
    return Integer.toUnsignedLong(atS);
  }

  /** Returns the P2P links that the peer had. */
  long concurrentLinks() {
    return concurrentLinks;
  }

  /** Returns whether the peer is known to have upload left at {@code nowS}. */
  boolean hasUploadLeft(long nowS) {
    return availableBandwidth > 0 && isFresh(nowS);
  }

  /** Returns whether the peer is known to have no upload left at {@code nowS}. */
  boolean isExhausted(long nowS) {
    return availableBandwidth == 0 && isFresh(nowS);
  }

  /** Returns whether the peer has said that it runs on a battery, or has a slow downlink. */
  boolean isConstrained(long nowS) {
    return constrained && isFresh(nowS);
  }

  /** One of which it is not known when it was made is, for it is the last. */
  private boolean isFresh(long nowS) {
    return atS == 0 || nowS - atS() <= FRESH_S;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Report that && atS == that.atS && stats().equals(that.stats());
  }

  @Override
  public int hashCode() {
    return stats().hashCode() * 31 + atS;
  }

  @Override
  public String toString() {
    return stats() + (atS == 0 ? "" : " at " + atS());
  }
}
