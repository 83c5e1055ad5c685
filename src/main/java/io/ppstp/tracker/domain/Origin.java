package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from; immutable.
 *
 * @param ip null if the release that took the request did not tell
 * @param authenticated whether the sender has proved who it is, and may use its peer ID
 * @param rules for the addresses of the peer that sent it
 * @param claim by what the sender may speak for that peer if it has not
 */
public record Origin(
    @Nullable IpAddress ip, boolean authenticated, AddressRules rules, Claim claim) {
  /** A request of which nothing is known. */
  public static final Origin UNKNOWN = new Origin(null, false, AddressRules.OPEN);

  /** A request where nothing has to be shown. */
  public Origin(@Nullable IpAddress ip, boolean authenticated, AddressRules rules) {
    this(ip, authenticated, rules, Claim.OPEN);
  }
}
