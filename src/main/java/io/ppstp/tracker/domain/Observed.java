package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/** The addresses that a peer's requests were seen from, the latest of each family; immutable. */
public record Observed(@Nullable IpAddress v4, @Nullable IpAddress v6) {
  /** Nothing seen yet. */
  public static final Observed NOTHING = new Observed(null, null);

  /** Returns whether the latest request of the family of {@code ip} came from there. */
  public boolean includes(@Nullable IpAddress ip) {
    return ip != null && ip.equals(ip.isV4() ? v4 : v6);
  }

  /** Returns this with {@code ip} as the latest of its family, if it is known. */
  Observed and(@Nullable IpAddress ip) {
    return ip == null || includes(ip)
        ? this
        : ip.isV4() ? new Observed(ip, v6) : new Observed(v4, ip);
  }
}
