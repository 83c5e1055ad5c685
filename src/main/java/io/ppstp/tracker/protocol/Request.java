package io.ppstp.tracker.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A well-formed request of RFC 7846, Section 3.3.3; immutable. */
public sealed interface Request {

  /** Returns the type, as in {@code request_type}. */
  RequestType type();

  /** Returns the ID that the response repeats. */
  String transactionId();

  /** Returns the requesting peer's ID, byte-exact as received. */
  String peerId();

  /**
   * A CONNECT (Section 4.1.1).
   *
   * @param digest 64 bits of a digest of the whole message; equal digests mean a repeat
   * @param peerNum null when the request has none
   * @param addresses empty when the request has none
   * @param actions at least one; no swarm twice, save for the change from LEECH to SEEDER
   */
  record Connect(
      String transactionId,
      String peerId,
      long digest,
      @Nullable PeerNum peerNum,
      List<PeerAddress> addresses,
      List<SwarmAction> actions)
      implements Request {
    @Override
    public RequestType type() {
      return RequestType.CONNECT;
    }
  }

  /** A FIND (Section 4.1.2); {@code peerNum} is null when the request has none. */
  record Find(String transactionId, String peerId, String swarmId, @Nullable PeerNum peerNum)
      implements Request {
    @Override
    public RequestType type() {
      return RequestType.FIND;
    }
  }

  /** A STAT_REPORT (Section 4.1.3); without statistics it only keeps the registration alive. */
  record StatReport(String transactionId, String peerId, List<StreamStats> stats)
      implements Request {
    @Override
    public RequestType type() {
      return RequestType.STAT_REPORT;
    }
  }

  /**
   * The statistics of one swarm in a STAT_REPORT (RFC 7846, Section 3.2.5); 64-bit values, exact.
   *
   * @param availableBandwidth instantaneous upload bandwidth
   * @param constrained whether the peer has said, by members that are not the RFC's, that it runs
   *     on a battery or has a slow downlink
   */
  record StreamStats(
      String swarmId,
      long uploadedBytes,
      long downloadedBytes,
      long availableBandwidth,
      long concurrentLinks,
      boolean constrained) {

    /** Makes those of a peer that has said nothing of the kind. */
    public StreamStats(
        String swarmId,
        long uploadedBytes,
        long downloadedBytes,
        long availableBandwidth,
        long concurrentLinks) {
      this(swarmId, uploadedBytes, downloadedBytes, availableBandwidth, concurrentLinks, false);
    }
  }

  /** The request types of RFC 7846, Section 3.3.1, spelled as on the wire. */
  enum RequestType {
    CONNECT,
    FIND,
    STAT_REPORT
  }
}
