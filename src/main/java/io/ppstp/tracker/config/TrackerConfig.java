package io.ppstp.tracker.config;

import io.ppstp.tracker.config.RecordBinder.ConfigKey;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration of a tracker, one component per section. Immutable.
 *
 * <p>Made by {@link ConfigLoader}, which has checked every value and how they fit together. Names
 * follow the keys of {@link Settings}: {@code peer-list.maximum} is {@code peerList().maximum()}.
 *
 * @param http the plain HTTP listener, and what holds for requests over HTTP and HTTPS alike
 * @param https the HTTPS listener
 * @param management the listener of health and metrics
 * @param metrics what the metrics show
 * @param log the log, with those of requests and of what operators do
 * @param tracing traces of requests
 * @param proxy who stands before the tracker and may name clients
 * @param timers the protocol's timers
 * @param peerList the size and content of peer lists
 * @param policy choices RFC 7846 leaves to the tracker
 * @param addresses which addresses of a peer others are told
 * @param selection which peers each requester is told of
 * @param auth who may use the tracker
 * @param limits bounds on what a request may hold and the tracker may keep
 * @param webtorrent browsers that speak the WebTorrent tracker protocol
 * @param bittorrent BitTorrent clients that announce themselves over HTTP
 * @param events the stream of events on the management port
 * @param cluster being one node of many
 * @param startup the start of the process
 * @param reload taking in changed files without a restart
 * @param instances how many verticles of each kind run
 * @param shutdown how the process ends
 */
public record TrackerConfig(
    Http http,
    Https https,
    Management management,
    TelemetryConfig.Metrics metrics,
    TelemetryConfig.Log log,
    TelemetryConfig.Tracing tracing,
    Proxy proxy,
    Timers timers,
    PeerList peerList,
    Policy policy,
    Addresses addresses,
    SelectionConfig selection,
    AuthConfig auth,
    LimitsConfig limits,
    WebTorrentConfig webtorrent,
    BitTorrentConfig bittorrent,
    EventsConfig events,
    ClusterConfig cluster,
    Startup startup,
    Reload reload,
    Instances instances,
    Shutdown shutdown) {

  /**
   * The plain HTTP listener, and what holds for requests over HTTP and HTTPS alike.
   *
   * @param enabled whether plain HTTP is served
   * @param host the host name or address listened on
   * @param port the port listened on; 0 is any free port
   * @param allowPlainText whether {@code host} may be an address that is not loopback
   * @param paths the paths a POST is served on, each beginning with a slash; empty is any path
   * @param status which HTTP status carries a PPSTP error
   * @param idleTimeout how long a connection may be idle before it is closed
   * @param requestDeadline the longest time from a request's headers to its last byte
   * @param responseDeadline the longest time that a client takes to read an answer
   * @param allowedOrigins origins of web pages that may send requests besides the tracker's own
   */
  public record Http(
      boolean enabled,
      String host,
      int port,
      boolean allowPlainText,
      List<String> paths,
      StatusMapping status,
      Duration idleTimeout,
      Duration requestDeadline,
      Duration responseDeadline,
      List<String> allowedOrigins) {
    /** Copies the lists, so that the record is immutable. */
    public Http {
      paths = List.copyOf(paths);
      allowedOrigins = List.copyOf(allowedOrigins);
    }
  }

  /**
   * The HTTPS listener. When enabled, it has either both files or {@code selfSigned}.
   *
   * @param enabled whether HTTPS is served
   * @param host the host name or address listened on
   * @param port the port listened on; 0 is any free port
   * @param certificate the PEM file of the certificate chain
   * @param key the PEM file of the certificate's private key
   * @param clientCertificates whether clients are asked for a certificate
   * @param clientCa the PEM file of the authorities that client certificates come from
   * @param clientCrl the PEM file of their revocation lists
   * @param selfSigned whether a throw-away certificate is made at start
   * @param serverNames names that clients may ask for in the handshake; empty is any
   */
  public record Https(
      boolean enabled,
      String host,
      int port,
      Optional<Path> certificate,
      Optional<Path> key,
      ClientCertificates clientCertificates,
      Optional<Path> clientCa,
      Optional<Path> clientCrl,
      boolean selfSigned,
      List<String> serverNames) {
    /** Copies {@code serverNames}, so that the record is immutable. */
    public Https {
      serverNames = List.copyOf(serverNames);
    }
  }

  /**
   * The listener of operators: health, metrics, and what they see and do.
   *
   * @param host the host name or address listened on
   * @param port the port listened on; 0 is any free port
   * @param hosts names that it may be asked by
   * @param tokens the file of the operators' tokens
   * @param certificate the PEM file of the certificate chain; plain HTTP without it
   * @param key the PEM file of the certificate's private key
   * @param clientCa the PEM file of the authorities that operators' certificates come from
   * @param writers names in those certificates of operators who may change something
   */
  public record Management(
      String host,
      int port,
      List<String> hosts,
      Optional<Path> tokens,
      Optional<Path> certificate,
      Optional<Path> key,
      Optional<Path> clientCa,
      List<String> writers) {
    /** Copies the lists, so that the record is immutable. */
    public Management {
      hosts = List.copyOf(hosts);
      writers = List.copyOf(writers);
    }
  }

  /**
   * Who stands before the tracker and may name clients.
   *
   * @param header what a trusted proxy names the client's address in
   * @param trusted addresses and ranges of the proxies
   */
  public record Proxy(ProxyHeader header, List<String> trusted) {
    /** Copies {@code trusted}, so that the record is immutable. */
    public Proxy {
      trusted = List.copyOf(trusted);
    }
  }

  /**
   * The protocol's timers.
   *
   * @param track how long a peer stays registered without a request
   * @param tick how often expired peers are looked for; at most {@code track}
   * @param reply how long ingress waits for the rooms behind it
   */
  public record Timers(Duration track, Duration tick, Duration reply) {}

  /**
   * The size and content of peer lists.
   *
   * @param defaultSize peers listed when the request does not say how many; at most {@code maximum}
   * @param maximum the most peers listed for one swarm
   * @param addresses which addresses of a listed peer appear
   */
  public record PeerList(
      @ConfigKey("default") int defaultSize, int maximum, ListedAddresses addresses) {}

  /**
   * Choices RFC 7846 leaves to the tracker.
   *
   * @param connect how a CONNECT changes what the peer has already joined
   * @param findRequiresMembership whether FIND is answered only for swarms the peer has joined
   * @param strict whether lenient spellings are refused with error 01
   * @param foldHexIds whether IDs that are all hex digits, 40 or more, are read as lower case
   * @param anonymous who may act for a peer that was registered without credentials
   */
  public record Policy(
      ConnectPolicy connect,
      boolean findRequiresMembership,
      boolean strict,
      boolean foldHexIds,
      AnonymousPolicy anonymous) {}

  /**
   * Which addresses of a peer others are told.
   *
   * @param trust which of the addresses that a peer advertises are told
   * @param privateTo whom addresses are told that are not public
   * @param refusedPorts ports and ranges of them of which no address is told
   * @param defaultPort the port listed for peers without an address to tell; 0 lists no such peers
   */
  public record Addresses(
      AddressTrust trust,
      @ConfigKey("private") PrivateAddresses privateTo,
      List<String> refusedPorts,
      int defaultPort) {
    /** Copies {@code refusedPorts}, so that the record is immutable. */
    public Addresses {
      refusedPorts = List.copyOf(refusedPorts);
    }

    /** Returns what the state is to tell of the addresses that peers advertise. */
    public AddressRules rules() {
      return new AddressRules(
          trust != AddressTrust.ADVERTISED,
          privateTo == PrivateAddresses.SAME_ADDRESS,
          defaultPort);
    }
  }

  /**
   * The start of the process.
   *
   * @param warmUp the longest time for which Java may compile the hot paths before the node is
   *     ready; zero is not at all
   */
  public record Startup(Duration warmUp) {}

  /**
   * Taking in changed files without a restart.
   *
   * @param interval how often changed files are looked for
   */
  public record Reload(Duration interval) {}

  /**
   * How many verticles of each kind run; 0 is one per CPU.
   *
   * @param ingress verticles that serve HTTP
   * @param validation verticles that check requests
   * @param swarm verticles that answer them
   */
  public record Instances(int ingress, int validation, int swarm) {}

  /**
   * How the process ends.
   *
   * @param delay from SIGTERM, when the node stops being ready, to refusing new connections
   * @param deadline the longest time from SIGTERM to exit
   */
  public record Shutdown(Duration delay, Duration deadline) {}

  /** Which of the addresses that a peer advertises other peers are told. */
  public enum AddressTrust {
    /** Those that its requests are seen from; all, if the peer has proved who it is. */
    OBSERVED,
    /** Those that its requests are seen from, for where everybody can get credentials. */
    OBSERVED_ALWAYS,
    /** All. */
    ADVERTISED
  }

  /** Who may act for a peer that was registered without credentials. */
  public enum AnonymousPolicy {
    /** Whoever sends from the address that registered it, or brings the secret of the answer. */
    BOUND,
    /** Anybody who knows its ID, which peer lists tell. */
    OPEN
  }

  /** Which addresses of a peer appear in a peer list. */
  public enum ListedAddresses {
    /** All addresses of the peer. */
    ALL,
    /** Only the peer's address of highest priority. */
    BEST
  }

  /** Who is told addresses that are not public: private, loopback, link-local and the like. */
  public enum PrivateAddresses {
    /** Peers whose requests are seen from the same address as those of the advertising peer. */
    SAME_ADDRESS,
    /** All peers. */
    ANYONE
  }

  /** Which HTTP status carries a PPSTP error. */
  public enum StatusMapping {
    /** Each PPSTP error has the HTTP status that means the same. */
    MAPPED,
    /** Every PPSTP error travels with HTTP status 200, except 401. */
    ALWAYS_200
  }

  /** Whether HTTPS clients prove who they are in the TLS handshake. */
  public enum ClientCertificates {
    /** They are not asked. */
    OFF,
    /** They are asked and may decline. */
    REQUEST,
    /** Without a good certificate there is no connection. */
    REQUIRE
  }

  /** What a trusted proxy names the client's address in. */
  public enum ProxyHeader {
    /** Nothing is believed: a client is where its connection comes from. */
    NONE,
    /** The field {@code X-Forwarded-For}. */
    X_FORWARDED_FOR,
    /** The field {@code Forwarded} (RFC 7239). */
    FORWARDED,
    /** The PROXY protocol, versions 1 and 2, before anything else on the connection. */
    PROXY_PROTOCOL;

    /**
     * Returns whether each request names its client, so that those of one connection may differ.
     */
    public boolean standsInRequests() {
      return this == X_FORWARDED_FOR || this == FORWARDED;
    }
  }
}
