package io.ppstp.tracker.ingress.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ppstp.tracker.config.LimitsConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.limits.ConnectionCounts.ConnectionHold;
import io.ppstp.tracker.limits.ConnectionRates;
import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.LimitRules.Rate;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Audit;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to the peers' listeners, and since when they are connected. Shared by the
 * instances of ingress; thread-safe.
 *
 * <p>Connections are counted where the kernel hands them over, before a TLS handshake or anything
 * else costs memory: those over the bounds are closed with nothing read. Vert.x tells of a
 * connection only when its handshake is over.
 */
public final class AcceptFilter {
  private final TrackerConfig config;
  private final Limits limits;
  private final Predicate<IpAddress> refuses;
  private final ClientAddresses addresses;
  private final ConnectionRates rates;
  private final Audit audit;
  private final @Nullable ServerNames names;
  private final EnumMap<HandshakeEnd, LongAdder> handshakes = new EnumMap<>(HandshakeEnd.class);
  private final ConcurrentHashMap<String, Long> acceptedNs = new ConcurrentHashMap<>();

  /**
   * Makes a filter that holds those who come to {@code limits}.
   *
   * @param refuses whether an operator refuses all who come from an address
   */
  public AcceptFilter(
      TrackerConfig config, Limits limits, Predicate<IpAddress> refuses, Audit audit) {
    for (HandshakeEnd end : HandshakeEnd.values()) {
      handshakes.put(end, new LongAdder());
    }
    this.refuses = refuses;
    this.audit = audit;
    this.names = ServerNames.of(config.https().serverNames());
    this.config = config;
    this.limits = limits;
    this.addresses = ClientAddresses.of(config.proxy());
    this.rates = new ConnectionRates(limits, System::nanoTime, new SecureRandom().nextLong());
    take(config);
  }

  /** Takes other limits from now on. */
  public void take(TrackerConfig changed) {
    LimitsConfig.Rate rate = changed.limits().rate();
    rates.replace(
        new Rate(rate.connections(), rate.connectionsBurst()),
        new Rate(rate.handshakes(), rate.handshakesBurst()));
  }

  /** Returns {@code transport}, with this filter before the listeners of ingress. */
  public Transport before(Transport transport) {
    return new GuardedTransport(
        transport,
        (options, bootstrap) -> {
          if (isPlain(options) || isTls(options)) {
            bootstrap.handler(new Guard(isTls(options)));
          }
        });
  }

  /** A listener that is off may name a port that is somebody else's. */
  private boolean isPlain(NetServerOptions options) {
    return config.http().enabled()
        && Listeners.isFor(config.http().host(), Listeners.plainPort(config), options);
  }

  private boolean isTls(NetServerOptions options) {
    return config.https().enabled()
        && Listeners.isFor(config.https().host(), Listeners.tlsPort(config), options);
  }

  /** Returns how many handshakes ended so. */
  public long handshakes(HandshakeEnd end) {
    return countOf(end).sum();
  }

  private LongAdder countOf(HandshakeEnd end) {
    return Objects.requireNonNull(handshakes.get(end));
  }

  public Limits limits() {
    return limits;
  }

  public ClientAddresses addresses() {
    return addresses;
  }

  /** Returns whether whoever comes from an address is not to be served, and counts that. */
  public boolean refuses(IpAddress ip) {
    if (refuses.test(ip)) {
      limits.hit(Limit.REFUSED_NETWORK);
      return true;
    }
    return false;
  }

  /** Returns when a connection was accepted, {@link System#nanoTime()}. */
  public long acceptedNs(HttpConnection connection) {
    Long known =
        acceptedNs.get(
            key(
                connection.remoteAddress(true).hostAddress(),
                connection.remoteAddress(true).port(),
                connection.localAddress(true).port()));
    return known == null ? System.nanoTime() : known;
  }

  /**
   * Counts a connection that came through a proxy which said for whom, before any request; closes
   * it if that client has too many.
   */
  public void connected(HttpConnection connection, Consumer<ConnectionHold> keep) {
    if (!addresses.admitsProxiesOnly()) {
      return;
    }
    SocketAddress real = connection.remoteAddress(true);
    Client client = ClientAddresses.proxied(connection.remoteAddress(), real).client();
    ConnectionHold hold = limits.tryConnect(client);
    if (hold == null) {
      connection.close();
    } else {
      keep.accept(hold);
    }
  }

  /** Returns whether a channel that was just accepted may stay, and counts it until it closes. */
  private boolean admit(Channel channel, boolean tls) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)
        || !(channel.localAddress() instanceof InetSocketAddress local)) {
      // It is gone already.
      return false;
    }
    IpAddress ip = IpAddress.ofBytes(remote.getAddress().getAddress());
    boolean proxy = addresses.isProxy(ip);
    if (addresses.admitsProxiesOnly() && !proxy) {
      limits.hit(Limit.UNTRUSTED_PROXY);
      return false;
    }
    if (!proxy && refuses(ip)) {
      return false;
    }
    if (!proxy && !rates.tryConnect(new Client(ip, false), tls)) {
      return false;
    }
    ConnectionHold place = limits.tryConnect();
    if (place == null) {
      return false;
    }
    ConnectionHold own = proxy ? null : limits.tryConnect(new Client(ip, false));
    if (!proxy && own == null) {
      place.release();
      return false;
    }
    if (tls) {
      channel.pipeline().addFirst(new HandshakeWatch(names, end -> handshakeEnded(ip, end)));
    }
    String key = key(remote.getAddress().getHostAddress(), remote.getPort(), local.getPort());
    Long nowNs = System.nanoTime();
    acceptedNs.put(key, nowNs);
    channel.closeFuture().addListener(closed -> forget(key, nowNs, place, own));
    return true;
  }

  private void handshakeEnded(IpAddress from, HandshakeEnd end) {
    countOf(end).increment();
    if (end == HandshakeEnd.CERTIFICATE) {
      audit.refused("certificate", from, "refused in the TLS handshake");
    }
  }

  private void forget(
      String key, Long sinceNs, ConnectionHold place, @Nullable ConnectionHold own) {
    acceptedNs.remove(key, sinceNs);
    place.release();
    if (own != null) {
      own.release();
    }
  }

  private static String key(@Nullable String host, int port, int localPort) {
    return host + ' ' + port + ' ' + localPort;
  }

  /** Sees each accepted channel before it is registered with an event loop. */
  @Sharable
  private final class Guard extends ChannelInboundHandlerAdapter {
    private final boolean tls;

    Guard(boolean tls) {
      this.tls = tls;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      if (accepted instanceof Channel channel && !admit(channel, tls)) {
        channel.unsafe().closeForcibly();
      } else {
        context.fireChannelRead(accepted);
      }
    }
  }
}
