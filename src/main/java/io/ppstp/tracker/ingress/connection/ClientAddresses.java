package io.ppstp.tracker.ingress.connection;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.limits.IpPrefix.CidrList;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.protocol.IpAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whom a request is from. Immutable.
 *
 * <p>Without proxies that is where the connection comes from, whatever the request says. A trusted
 * proxy is believed: the client is the nearest hop that is no trusted proxy itself. Where a trusted
 * proxy says nothing, or nothing that is an address, the client is that proxy: a forged field can
 * make its sender pass for the proxy at most, which nothing is exempt for.
 *
 * @param trusted the proxies
 */
public record ClientAddresses(ProxyHeader header, CidrList trusted) {

  public static ClientAddresses of(TrackerConfig.Proxy proxy) {
    return new ClientAddresses(proxy.header(), CidrList.parse(proxy.trusted()));
  }

  /**
   * Where a request is from.
   *
   * @param port of the client, or of the connection if a proxy stands between and names none
   */
  public record ClientOrigin(Client client, int port) {}

  /**
   * As {@link #of(HttpServerRequest)}, for a request that came over the same connection as one from
   * {@code earlier}, or for the first of its connection.
   */
  public ClientOrigin of(HttpServerRequest request, @Nullable ClientOrigin earlier) {
    return earlier == null || header.standsInRequests() ? of(request) : earlier;
  }

  /** Returns where {@code request} is from. */
  public ClientOrigin of(HttpServerRequest request) {
    // With the PROXY protocol this is what the proxy said already.
    SocketAddress remote = request.remoteAddress();
    return switch (header) {
      case NONE -> direct(remote);
      case PROXY_PROTOCOL -> proxied(remote, request.connection().remoteAddress(true));
      case X_FORWARDED_FOR, FORWARDED -> of(remote, request.headers());
    };
  }

  /** Returns where a request with these headers is from that came over a connection. */
  public ClientOrigin of(SocketAddress remote, MultiMap headers) {
    IpAddress ip = Remotes.ip(remote);
    if (!trusted.contains(ip)) {
      return new ClientOrigin(new Client(ip, false), remote.port());
    }
    List<@Nullable Hop> hops =
        header == ProxyHeader.FORWARDED
            ? Hop.ofForwarded(headers.getAll("forwarded"))
            : Hop.ofForwardedFor(headers.getAll("x-forwarded-for"));
    Hop nearest = new Hop(ip, remote.port());
    for (Hop hop : hops) {
      if (hop == null) {
        break;
      }
      nearest = hop;
      if (!trusted.contains(hop.ip())) {
        break;
      }
    }
    int port = nearest.port() == 0 ? remote.port() : nearest.port();
    return new ClientOrigin(new Client(nearest.ip(), true), port);
  }

  private static ClientOrigin direct(SocketAddress remote) {
    return new ClientOrigin(new Client(Remotes.ip(remote), false), remote.port());
  }

  /** A proxy that speaks for itself, or for a local socket, has no client's address to tell. */
  static ClientOrigin proxied(SocketAddress told, SocketAddress real) {
    IpAddress ip = Remotes.ipOrNull(told);
    return ip == null
        ? new ClientOrigin(new Client(Remotes.ip(real), true), real.port())
        : new ClientOrigin(new Client(ip, true), told.port());
  }

  /** Returns whether only trusted proxies may connect at all. */
  boolean admitsProxiesOnly() {
    return header == ProxyHeader.PROXY_PROTOCOL;
  }

  /** Returns whether connections from {@code ip} may be of many clients. */
  boolean isProxy(IpAddress ip) {
    return header != ProxyHeader.NONE && trusted.contains(ip);
  }

  /** Tells which address a connection came from. Stateless. */
  static final class Remotes {
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
}
