package io.ppstp.tracker.ingress;

import io.ppstp.tracker.protocol.IpAddress;
import io.vertx.core.net.SocketAddress;

/** Tells which address a connection came from. Stateless. */
final class Remotes {
  private Remotes() {}

  /**
   * Returns the address of the other end, without the zone that link-local ones carry.
   *
   * @throws IllegalStateException if the connection did not come by IP
   */
  static IpAddress ip(SocketAddress remote) {
    String literal = remote.hostAddress();
    if (literal != null) {
      int zone = literal.indexOf('%');
      IpAddress ip = IpAddress.parse(zone < 0 ? literal : literal.substring(0, zone));
      if (ip != null) {
        return ip;
      }
    }
    throw new IllegalStateException("not an IP connection: " + remote);
  }
}
