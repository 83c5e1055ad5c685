package io.ppstp.tracker.limits;

import java.time.Duration;

/**
 * What anybody may have of the tracker; immutable. Changed as a whole, see {@link
 * Limits#replace(LimitRules)}.
 *
 * @param exempt addresses of direct connections to which nothing here applies but {@code
 *     connections.total} and the deadlines
 * @param ipv4Bits how many leading bits of an IPv4 address make one client; of an IPv6 address
 *     these are 64
 * @param connections bounds on connections
 * @param requests of one client
 * @param identityRequests of one identity that has proved itself
 * @param registrations of new peer IDs, by one client
 * @param peersPerAddress registered peers of one client; 0 for no bound
 * @param lockOut what failing to authenticate leads to
 */
public record LimitRules(
    CidrList exempt,
    int ipv4Bits,
    Connections connections,
    Rate requests,
    Rate identityRequests,
    Rate registrations,
    int peersPerAddress,
    LockOut lockOut) {
  /** How many leading bits of an IPv6 address make one client: what one customer gets at least. */
  static final int IPV6_BITS = 64;

  /** Bounds nothing. */
  public static final LimitRules NONE =
      new LimitRules(
          CidrList.NONE,
          32,
          new Connections(
              Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofDays(365), Duration.ofDays(365)),
          Rate.UNBOUNDED,
          Rate.UNBOUNDED,
          Rate.UNBOUNDED,
          0,
          new LockOut(0, Duration.ofMinutes(1), Duration.ofMinutes(1)));

  /**
   * Bounds on connections.
   *
   * @param total in all
   * @param perAddress of one client
   * @param firstRequest the longest time from accepting to the end of the first request
   * @param maxAge after which a connection is closed as soon as its requests are answered
   */
  public record Connections(int total, int perAddress, Duration firstRequest, Duration maxAge) {}

  /**
   * What failing to authenticate leads to.
   *
   * @param failures within {@code window} that lock a client out; 0 for never
   * @param duration of a lock-out
   */
  public record LockOut(int failures, Duration window, Duration duration) {}

  IpPrefix prefixOf(Client client) {
    return IpPrefix.of(client.ip(), ipv4Bits, IPV6_BITS);
  }

  boolean exempts(Client client) {
    return !client.forwarded() && exempt.contains(client.ip());
  }
}
