package io.ppstp.tracker.limits;

import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.protocol.IpAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What anybody may have of the tracker; immutable. Changed as a whole, see {@link
 * Limits#replace(LimitRules)}.
 *
 * @param exempt addresses of direct connections to which nothing here applies but {@code
 *     connections.total} and the deadlines
 * @param ipv4Bits how many leading bits of an IPv4 address make one client
 * @param connections bounds on connections
 * @param requests of one client
 * @param identityRequests of one identity that has proved itself
 * @param registrations of new peer IDs, by one client
 * @param peersPerAddress registered peers of one client; 0 for no bound
 * @param lockOut what failing to authenticate leads to
 * @param ipv6 what makes one client, and one network of clients, by IPv6
 */
public record LimitRules(
    CidrList exempt,
    int ipv4Bits,
    Connections connections,
    Rate requests,
    Rate identityRequests,
    Rate registrations,
    int peersPerAddress,
    LockOut lockOut,
    Ipv6 ipv6) {
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
          new LockOut(0, Duration.ofMinutes(1), Duration.ofMinutes(1)),
          Ipv6.SLASH_64);

  /**
   * What makes one client by IPv6. A customer gets a /64 at least, but many get a /56 or /48, which
   * is 65,536 of them: so there is a second bound on what a network has in all.
   *
   * @param bits how many leading bits of an address make one client
   * @param networkBits how many make one network; 0 if networks are not bounded
   * @param networkFactor how often a network has what one client may have
   */
  public record Ipv6(int bits, int networkBits, int networkFactor) {
    /** A client is a /64, and no network is bounded. */
    public static final Ipv6 SLASH_64 = new Ipv6(64, 0, 1);
  }

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
    return IpPrefix.of(client.ip(), ipv4Bits, ipv6.bits());
  }

  /** Returns the network that {@code client} is part of, null if networks do not count for it. */
  @Nullable IpPrefix networkOf(Client client) {
    if (ipv6.networkBits() == 0 || client.ip().isV4()) {
      return null;
    }
    IpPrefix network = IpPrefix.of(client.ip(), ipv4Bits, ipv6.networkBits());
    return network.v4() ? null : network;
  }

  /** Returns what a network may have, of what one client may have {@code most} of. */
  int ofNetwork(int most) {
    return (int) Math.min(Integer.MAX_VALUE, (long) most * ipv6.networkFactor());
  }

  boolean exempts(Client client) {
    return !client.forwarded() && exempt.contains(client.ip());
  }

  /**
   * Whom a request is held to be from, for limits; immutable.
   *
   * @param ip the client's address, or that of the nearest proxy that could be believed
   * @param forwarded whether a trusted proxy stands between; then no address is exempt from limits,
   *     for the address is not that of the connection
   */
  public record Client(IpAddress ip, boolean forwarded) {}

  /**
   * So many per second in the long run, and so many at once; immutable.
   *
   * @param perSecond 0 for no bound at all
   * @param burst at least 1
   */
  public record Rate(int perSecond, int burst) {
    /** No bound at all. */
    public static final Rate UNBOUNDED = new Rate(0, 1);

    private static final long SECOND_NS = 1_000_000_000L;

    /** Returns the rate of {@code factor} of those who have this one. */
    Rate times(int factor) {
      return new Rate(
          (int) Math.min(SECOND_NS, (long) perSecond * factor),
          (int) Math.min(Integer.MAX_VALUE, (long) burst * factor));
    }

    boolean isBounded() {
      return perSecond > 0;
    }

    /** What one costs: the time after which it is forgotten. */
    long costNs() {
      return SECOND_NS / perSecond;
    }

    long burstNs() {
      return costNs() * burst;
    }
  }
}
