package io.ppstp.tracker.config;

import java.time.Duration;
import java.util.List;

/**
 * Bounds on what a request may hold and the tracker may keep.
 *
 * @param body the longest request body, in bytes
 * @param headers the longest header of a request, in bytes
 * @param depth the deepest nesting of JSON in a request
 * @param inFlight requests being worked on at once, per node
 * @param swarmsPerPeer swarms one peer may have joined
 * @param addressesPerPeer addresses one peer may advertise
 * @param peers registered peers
 * @param memberships of registered peers; one in a swarm with a long ID counts as several
 * @param peerId the longest peer ID, in characters
 * @param swarmId the longest swarm ID, in characters
 * @param peersPerResponse peers listed in all swarm results of one response together
 * @param listsPerResponse swarm results of one response that have a peer list
 * @param listBytesPerResponse length of all peer lists of one response together, in bytes
 * @param expiryBatch peers expired per tick
 * @param exempt addresses and ranges that the limits per client do not apply to
 * @param ipv4Prefix leading bits of an IPv4 address that make one client
 * @param ipv6Prefix leading bits of an IPv6 address that make one client
 * @param ipv6Network leading bits of an IPv6 address that make one network; 0 is none
 * @param networkFactor how often a network has what one client may have
 * @param peersPerAddress registered peers of one client; 0 is no bound
 * @param connections bounds on connections
 * @param rate bounds on requests and registrations
 * @param lockOut what failing to authenticate leads to
 * @param unsent bounds on answers that clients have not read
 * @param http2 bounds on one HTTP/2 connection
 */
public record LimitsConfig(
    int body,
    int headers,
    int depth,
    int inFlight,
    int swarmsPerPeer,
    int addressesPerPeer,
    int peers,
    int memberships,
    int peerId,
    int swarmId,
    int peersPerResponse,
    int listsPerResponse,
    int listBytesPerResponse,
    int expiryBatch,
    List<String> exempt,
    int ipv4Prefix,
    int ipv6Prefix,
    int ipv6Network,
    int networkFactor,
    int peersPerAddress,
    Connections connections,
    Rate rate,
    LockOut lockOut,
    Unsent unsent,
    Http2 http2) {
  /** Copies {@code exempt}, so that the record is immutable. */
  public LimitsConfig {
    exempt = List.copyOf(exempt);
  }

  /**
   * Bounds on connections.
   *
   * @param total open connections of one node
   * @param perAddress open connections of one client
   * @param firstRequest the longest time from accepting to the end of the first request
   * @param maxAge after which a connection is closed as soon as its requests are answered
   */
  public record Connections(int total, int perAddress, Duration firstRequest, Duration maxAge) {}

  /**
   * Bounds on requests and registrations, per second in the long run and at once; 0 per second is
   * no bound.
   *
   * @param requests of one client
   * @param requestsBurst of one client
   * @param identity requests of one identity
   * @param identityBurst requests of one identity
   * @param registrations new peers of one client
   * @param registrationsBurst new peers of one client
   * @param connections new connections of one client
   * @param connectionsBurst new connections of one client
   * @param handshakes new connections of one client to the HTTPS listener
   * @param handshakesBurst new connections of one client to the HTTPS listener
   */
  public record Rate(
      int requests,
      int requestsBurst,
      int identity,
      int identityBurst,
      int registrations,
      int registrationsBurst,
      int connections,
      int connectionsBurst,
      int handshakes,
      int handshakesBurst) {}

  /**
   * Bounds on answers that clients have not read, in bytes.
   *
   * @param perConnection of one connection
   * @param total of one node
   */
  public record Unsent(int perConnection, int total) {}

  /**
   * What failing to authenticate leads to.
   *
   * @param failures within {@code window} that lock a client out; 0 is never
   * @param window within which they have to come
   * @param duration of a lock-out
   */
  public record LockOut(int failures, Duration window, Duration duration) {}

  /**
   * Bounds on one HTTP/2 connection.
   *
   * @param streams requests at once
   * @param resets streams that a client may reset in 30 seconds
   * @param controlFrames frames without a request that a client may send in 30 seconds
   */
  public record Http2(int streams, int resets, int controlFrames) {}
}
