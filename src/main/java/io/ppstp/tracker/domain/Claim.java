package io.ppstp.tracker.domain;

import org.jspecify.annotations.Nullable;

/**
 * By what a sender without credentials may speak for a peer; immutable. It travels with the
 * command, so that a command does the same wherever it is decided.
 *
 * @param ipv6Bits how many bits of an IPv6 address make one client; 0 if registrations without
 *     credentials are open, so that anybody may speak for them
 * @param proof the hash of the secret that the request brought, null if it brought none
 * @param offer the hash of the secret that the answer brings if a registration is made, null if it
 *     is to bring none
 */
public record Claim(int ipv6Bits, @Nullable SecretHash proof, @Nullable SecretHash offer) {
  /** Nothing has to be shown. */
  public static final Claim OPEN = new Claim(0, null, null);

  /** Returns whether registrations are bound to the addresses of those who made them. */
  boolean isBound() {
    return ipv6Bits > 0;
  }
}
