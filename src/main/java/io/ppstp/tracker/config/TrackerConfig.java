package io.ppstp.tracker.config;

import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * @param proxy who stands before the tracker and may name clients
 * @param timers the protocol's timers
 * @param peerList the size and content of peer lists
 * @param policy choices RFC 7846 leaves to the tracker
 * @param addresses which addresses of a peer others are told
 * @param auth who may use the tracker
 * @param limits bounds on what a request may hold and the tracker may keep
 * @param cluster being one node of many
 * @param reload taking in changed files without a restart
 * @param instances how many verticles of each kind run
 * @param shutdown how the process ends
 */
public record TrackerConfig(
    Http http,
    Https https,
    Management management,
    Proxy proxy,
    Timers timers,
    PeerList peerList,
    Policy policy,
    Addresses addresses,
    Auth auth,
    LimitsConfig limits,
    ClusterConfig cluster,
    Reload reload,
    Instances instances,
    Shutdown shutdown) {

  /**
   * Returns the configuration with every key at its default.
   *
   * @throws IllegalStateException if the defaults themselves are refused, which the tests rule out
   */
  public static TrackerConfig defaults() {
    try {
      return ConfigLoader.load(null, Map.of(), List.of());
    } catch (ConfigException e) {
      throw new IllegalStateException("the built-in defaults are at fault", e);
    }
  }

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
   * The listener of health and metrics.
   *
   * @param host the host name or address listened on
   * @param port the port listened on; 0 is any free port
   */
  public record Management(String host, int port) {}

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
  public record PeerList(@Key("default") int defaultSize, int maximum, ListedAddresses addresses) {}

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
      @Key("private") PrivateAddresses privateTo,
      List<String> refusedPorts,
      int defaultPort) {
    /** Copies {@code refusedPorts}, so that the record is immutable. */
    public Addresses {
      refusedPorts = List.copyOf(refusedPorts);
    }
  }

  /**
   * Who may use the tracker.
   *
   * @param required whether requests without credentials are refused
   * @param swarms patterns of the swarms that need credentials all the same
   * @param digest users with passwords
   * @param bearer OAuth 2.0 bearer tokens
   */
  public record Auth(Requirement required, List<String> swarms, Digest digest, Bearer bearer) {
    /** Copies {@code swarms}, so that the record is immutable. */
    public Auth {
      swarms = List.copyOf(swarms);
    }
  }

  /**
   * HTTP Digest (RFC 7616).
   *
   * @param accounts the file of users; Digest is off if empty
   * @param realm that the users belong to
   * @param algorithms offered, most preferred first, such as {@code sha-256}; without repetition
   * @param nonceLife how long a client may go on with one challenge
   * @param nonces challenges in use that a node remembers
   * @param userhash whether clients are asked to send a hash of the user's name
   */
  public record Digest(
      Optional<Path> accounts,
      String realm,
      List<String> algorithms,
      Duration nonceLife,
      int nonces,
      boolean userhash) {
    /** Copies {@code algorithms}, so that the record is immutable. */
    public Digest {
      algorithms = List.copyOf(algorithms);
    }
  }

  /**
   * OAuth 2.0 bearer tokens. On with {@code jwks} or {@code introspection}; with the former, issuer
   * and audience are there too, with the latter client ID and secret.
   *
   * @param issuer the {@code iss} of tokens
   * @param jwks the URL or file of the issuer's key set
   * @param audience what {@code aud} must contain
   * @param scope scopes that every token must have
   * @param peerIdClaim the claim with the peer ID or IDs that a token is for
   * @param swarmsClaim the claim with the swarms that a token is for; all swarms if empty
   * @param refresh the shortest time between two questions to the key server
   * @param introspection the URL to ask about tokens that are no JWTs
   * @param clientId the tracker's name at {@code introspection}
   * @param clientSecret the file with its secret there
   * @param allowPlainText whether URLs may be plain HTTP beyond loopback
   */
  public record Bearer(
      Optional<String> issuer,
      Optional<String> jwks,
      Optional<String> audience,
      List<String> scope,
      String peerIdClaim,
      Optional<String> swarmsClaim,
      Duration refresh,
      Optional<URI> introspection,
      Optional<String> clientId,
      Optional<Path> clientSecret,
      boolean allowPlainText) {
    /** Copies {@code scope}, so that the record is immutable. */
    public Bearer {
      scope = List.copyOf(scope);
    }

    /** Returns whether bearer tokens are accepted. */
    public boolean enabled() {
      return jwks.isPresent() || introspection.isPresent();
    }

    /** Returns the URL that {@code jwks} is, empty if it is none. */
    public Optional<URI> jwksUrl() {
      return jwks.filter(Urls::isUrl).flatMap(Urls::parse);
    }

    /** Returns the file that {@code jwks} names, empty if it is a URL or nothing. */
    public Optional<Path> jwksFile() {
      return jwks.filter(text -> !Urls.isUrl(text)).map(Path::of);
    }
  }

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
}
