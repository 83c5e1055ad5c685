package io.ppstp.tracker.ingress;

import io.ppstp.tracker.protocol.IpAddress;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Tells which address a connection came from. Stateless. */
final class Remotes {
  private Remotes() {}

  /**
   * Returns the address of the other end, without the zone that link-local ones carry.
   *
   * @throws IllegalStateException if the connection did not come by IP
   */
  static IpAddress ip(SocketAddress remote) {
    IpAddress ip = ipOrNull(remote);
    if (ip == null) {
      throw new IllegalStateException("not an IP connection: " + remote);
    }
    return ip;
  }

  /** Returns the address of the other end, or null if the connection did not come by IP. */
  static @Nullable IpAddress ipOrNull(SocketAddress remote) {
    return parse(remote.hostAddress());
  }

  /** Returns the address that {@code literal} spells, which may have a zone. */
  static @Nullable IpAddress parse(@Nullable String literal) {
    if (literal == null) {
      return null;
    }
    int zone = literal.indexOf('%');
    IpAddress ip = IpAddress.parse(zone < 0 ? literal : literal.substring(0, zone));
    return ip == null ? null : ip.unmapped();
  }
}
