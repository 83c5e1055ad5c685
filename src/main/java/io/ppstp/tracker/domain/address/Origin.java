package io.ppstp.tracker.domain.address;

import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from; immutable.
 *
 * @param ip null if the release that took the request did not tell
 * @param authenticated whether the sender has proved who it is, and may use its peer ID
 * @param rules for the addresses of the peer that sent it
 * @param claim by what the sender may speak for that peer if it has not
 * @param network of {@code ip}, as {@link Place} has it
 */
public record Origin(
    @Nullable IpAddress ip, boolean authenticated, AddressRules rules, Claim claim, int network) {
  /** A request of which nothing is known. */
  public static final Origin UNKNOWN = new Origin(null, false, AddressRules.OPEN);

  /** A request where nothing has to be shown. */
  public Origin(@Nullable IpAddress ip, boolean authenticated, AddressRules rules) {
    this(ip, authenticated, rules, Claim.OPEN);
  }

  /** A request from where it does not matter. */
  public Origin(@Nullable IpAddress ip, boolean authenticated, AddressRules rules, Claim claim) {
    this(ip, authenticated, rules, claim, Place.NOWHERE);
  }

  /** Returns this in a network. */
  public Origin in(int itsNetwork) {
    return itsNetwork == network ? this : new Origin(ip, authenticated, rules, claim, itsNetwork);
  }

  /** Returns the network of a peer after this request, which was in {@code before}. */
  public int networkAfter(int before) {
    return ip == null ? before : network;
  }

  /**
   * By what a sender without credentials may speak for a peer; immutable. It travels with the
   * command, so that a command does the same wherever it is decided.
   *
   * @param ipv6Bits how many bits of an IPv6 address make one client; 0 if registrations without
   *     credentials are open, so that anybody may speak for them
   * @param proof the hash of the secret that the request brought, null if it brought none
   * @param offer the hash of the secret that the answer brings if a registration is made, null if
   *     it is to bring none
   */
  public record Claim(int ipv6Bits, @Nullable SecretHash proof, @Nullable SecretHash offer) {
    /** Nothing has to be shown. */
    public static final Claim OPEN = new Claim(0, null, null);

    /** Returns whether registrations are bound to the addresses of those who made them. */
    public boolean isBound() {
      return ipv6Bits > 0;
    }
  }

  /** The addresses that a peer's requests were seen from, the latest of each family; immutable. */
  public record Observed(@Nullable IpAddress v4, @Nullable IpAddress v6) {
    /** Nothing seen yet. */
    public static final Observed NOTHING = new Observed(null, null);

    /** Returns whether the latest request of the family of {@code ip} came from there. */
    public boolean includes(@Nullable IpAddress ip) {
      return ip != null && ip.equals(ip.isV4() ? v4 : v6);
    }

    /** Returns this with {@code ip} as the latest of its family, if it is known. */
    public Observed and(@Nullable IpAddress ip) {
      return ip == null || includes(ip)
          ? this
          : ip.isV4() ? new Observed(ip, v6) : new Observed(v4, ip);
    }
  }

  /**
   * Which of a peer's addresses other peers are told; immutable. It travels with the command, so
   * that a command does the same wherever it is applied.
   *
   * @param proofRequired tell an address only if a request of the peer came from its IP, or if the
   *     peer had proved who it is when it advertised the address; with an address that is so
   *     proved, HOST candidates of a local network are told to peers seen from where the peer is
   *     seen
   * @param privateConfined tell addresses that are not public only to peers seen from where the
   *     advertising peer is seen
   * @param defaultPort media port of peers without an address that may be told, 0 to leave them
   *     unlisted
   */
  public record AddressRules(boolean proofRequired, boolean privateConfined, int defaultPort) {
    /** Everything that a peer advertises is told to everyone. */
    public static final AddressRules OPEN = new AddressRules(false, false, 0);
  }
}
