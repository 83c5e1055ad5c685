package io.ppstp.tracker.management.access;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests of this machine's own users: those who ask for {@code localhost} over loopback. A
 * page can have a name of its own lead here (DNS rebinding), and a proxy on this machine asks for
 * others. Stateless.
 */
public final class LocalRequests {
  private LocalRequests() {}

  /** Returns whether {@code request} is one. */
  static boolean isOne(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    return asked != null
        && (asked.host().equals("localhost") || isHere(asked.host()))
        && isHere(request.remoteAddress().hostAddress());
  }

  /** Returns whether an address, as a literal, is one of this machine that no other can use. */
  static boolean isHere(@Nullable String literal) {
    InetAddress address =
        literal == null ? null : NetUtil.createInetAddressFromIpAddressString(literal);
    return address != null && address.isLoopbackAddress();
  }
}
