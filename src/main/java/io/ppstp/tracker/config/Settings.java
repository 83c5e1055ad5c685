package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.bytes;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.cidrs;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.host;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;
import static io.ppstp.tracker.config.SettingType.name;
import static io.ppstp.tracker.config.SettingType.optionalHost;
import static io.ppstp.tracker.config.SettingType.optionalName;
import static io.ppstp.tracker.config.SettingType.optionalPath;
import static io.ppstp.tracker.config.SettingType.optionalText;
import static io.ppstp.tracker.config.SettingType.optionalUrl;
import static io.ppstp.tracker.config.SettingType.ports;
import static io.ppstp.tracker.config.SettingType.realm;

import io.ppstp.tracker.domain.ConnectPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of all settings, which everything else about the configuration follows from. */
public final class Settings {
  private static final int MOST_PORT = 65535;
  private static final int MOST_INSTANCES = 64;

  private static final List<Setting> ALL =
      List.of(
          // What is listened on.
          of("http.enabled", bool(), "true", "serve plain HTTP"),
          of("http.host", host(), "127.0.0.1", "host or address of the plain HTTP listener"),
          of("http.port", port(), "7846", "port of the plain HTTP listener; 0 = any free port"),
          of(
              "http.allow-plain-text",
              bool(),
              "false",
              "let plain HTTP listen on an address that is not loopback"),
          of("http.paths", urlPaths(), "", "paths a POST is served on; empty = any path"),
          of("http.status", choice(StatusMapping.class), "mapped", "HTTP status of PPSTP errors"),
          of("http.idle-timeout", duration(), "60s", "idle keep-alive connections are closed"),
          of(
              "http.request-deadline",
              duration(),
              "10s",
              "longest time from a request's headers to its last byte"),
          of(
              "http.response-deadline",
              duration(),
              "30s",
              "longest time that a client takes to read an answer"),
          of(
              "http.allowed-origins",
              origins(),
              "",
              "web pages of other origins that may send requests; empty = none"),
          of("https.enabled", bool(), "false", "serve HTTPS"),
          of("https.host", host(), "127.0.0.1", "host or address of the HTTPS listener"),
          of("https.port", port(), "7443", "port of the HTTPS listener; 0 = any free port"),
          of("https.certificate", optionalPath(), "", "PEM file of the certificate chain"),
          of("https.key", optionalPath(), "", "PEM file of the certificate's private key"),
          of(
              "https.client-certificates",
              choice(ClientCertificates.class),
              "off",
              "ask clients for a certificate: off, request or require"),
          of("https.client-ca", optionalPath(), "", "PEM file of the CAs of client certificates"),
          of(
              "https.client-crl",
              optionalPath(),
              "",
              "PEM file of the revocation lists of those CAs; none = nothing is revoked"),
          of("https.self-signed", bool(), "false", "throw-away certificate, for trying out"),
          of(
              "https.server-names",
              serverNames(),
              "",
              "names that clients may ask for in the TLS handshake; empty = any"),
          of("management.host", host(), "127.0.0.1", "host or address of health and metrics"),
          of("management.port", port(), "7847", "port of health and metrics; 0 = any free port"),
          // Who stands before it.
          of(
              "proxy.header",
              choice(ProxyHeader.class),
              "none",
              "what a trusted proxy names the client's address in"),
          of("proxy.trusted", cidrs(), "", "addresses of proxies that may name the client"),
          // The protocol.
          of("timers.track", duration(), "180s", "time a peer stays without a request"),
          of("timers.tick", duration(), "1s", "how often expired peers are looked for"),
          of("timers.reply", duration(), "5s", "time ingress waits for an answer from behind it"),
          of("peer-list.default", integer(0, 29), "20", "peers listed if the request is silent"),
          of("peer-list.maximum", integer(1, 29), "29", "most peers listed for one swarm"),
          of(
              "peer-list.addresses",
              choice(ListedAddresses.class),
              "all",
              "all addresses of a listed peer, or its best"),
          of(
              "policy.connect",
              choice(ConnectPolicy.class),
              "table6",
              "how a CONNECT changes what the peer has joined"),
          of(
              "policy.find-requires-membership",
              bool(),
              "true",
              "answer FIND only for swarms the peer has joined"),
          of(
              "policy.strict",
              bool(),
              "false",
              "refuse with 01 what neither the RFC's schema nor its examples have"),
          of("policy.fold-hex-ids", bool(), "false", "read long hex IDs as lower case"),
          of(
              "policy.anonymous",
              choice(AnonymousPolicy.class),
              "bound",
              "who acts for a peer without credentials: who registered it, or anybody (open)"),
          of(
              "addresses.trust",
              choice(AddressTrust.class),
              "observed",
              "addresses that peers are told: those seen or vouched for, those seen, or all"),
          of(
              "addresses.private",
              choice(PrivateAddresses.class),
              "same-address",
              "who is told addresses that are not public: peers seen from the same one, or anyone"),
          of(
              "addresses.refused-ports",
              ports(),
              "7,9,13,17,19-23,25,37,42,53,67-69,88,110,111,113,119,123,135,137-139,143,161,"
                  + "162,177,179,389,427,445,464,465,500,512-515,520,523,548,587,623,626,631,636,"
                  + "873,993,995,1434,1900,2049,3283,3306,3389,3702,5060,5093,5351,5353,5432,5683,"
                  + "6379,10001,11211,27015,30718,32414,33848,37810,47808",
              "ports of which no address is told: services and what amplifies; empty = none"),
          of(
              "addresses.default-port",
              port(),
              "0",
              "port listed for peers without an address to tell; 0 = not listed"),
          // Who may.
          of(
              "auth.required",
              choice(Requirement.class),
              "auto",
              "refuse requests without credentials; auto = as soon as a scheme is on"),
          of(
              "auth.swarms",
              patterns(),
              "",
              "swarms that need credentials where auth.required is false, * for any characters"),
          of(
              "auth.digest.accounts",
              optionalPath(),
              "",
              "file of the users of HTTP Digest; none = Digest is off"),
          of(
              "auth.digest.realm",
              realm(),
              "ppstp-tracker",
              "realm that the users of HTTP Digest belong to"),
          of(
              "auth.digest.algorithms",
              digestAlgorithms(),
              "sha-256,sha-512-256",
              "algorithms offered, most preferred first"),
          of(
              "auth.digest.nonce-life",
              duration(),
              "5m",
              "how long a client may go on with one challenge"),
          of(
              "auth.digest.nonces",
              integer(1, 100_000_000),
              "1000000",
              "challenges in use that a node remembers, against replays"),
          of(
              "auth.digest.userhash",
              bool(),
              "false",
              "ask clients to send a hash of the user's name"),
          of(
              "auth.bearer.issuer",
              optionalText(),
              "",
              "the iss of bearer tokens, as the issuer writes it"),
          of(
              "auth.bearer.jwks",
              optionalText(),
              "",
              "URL or file of the issuer's JSON Web Key Set; none = no JWTs"),
          of("auth.bearer.audience", optionalText(), "", "what the aud of tokens must contain"),
          of("auth.bearer.scope", scopes(), "", "scopes that every token must have"),
          of(
              "auth.bearer.peer-id-claim",
              name(),
              "sub",
              "claim with the peer ID or IDs that a token is for"),
          of(
              "auth.bearer.swarms-claim",
              optionalName(),
              "",
              "claim with the swarms that a token is for, * as wildcard; none = all swarms"),
          of(
              "auth.bearer.refresh",
              duration(),
              "30s",
              "shortest time between two questions to the key server"),
          of(
              "auth.bearer.introspection",
              optionalUrl(),
              "",
              "URL of the issuer's token introspection, for tokens that are no JWTs; none = off"),
          of("auth.bearer.client-id", optionalText(), "", "the tracker's name at introspection"),
          of("auth.bearer.client-secret", optionalPath(), "", "file with its secret there"),
          of(
              "auth.bearer.allow-plain-text",
              bool(),
              "false",
              "let the issuer's URLs be plain HTTP beyond loopback"),
          // Bounds.
          of("limits.body", bytes("1KiB", "16MiB"), "256KiB", "longest request body"),
          of("limits.headers", bytes("1KiB", "64KiB"), "8KiB", "longest header of a request"),
          of("limits.depth", integer(8, 64), "16", "deepest JSON nesting of a request"),
          of("limits.in-flight", integer(1, 1_000_000), "10000", "requests worked on per node"),
          of("limits.swarms-per-peer", integer(1, 1_000_000), "1024", "swarms a peer may join"),
          of("limits.addresses-per-peer", integer(1, 32), "8", "addresses a peer may advertise"),
          of(
              "limits.peers",
              integer(1, 1_000_000_000),
              "2000000",
              "peers registered with one node"),
          of(
              "limits.memberships",
              integer(0, 1_000_000_000),
              "0",
              "swarms that those peers are in, all together, with one more for each 256 characters"
                  + " of an ID; 0 = what the heap has room for"),
          of("limits.peer-id", integer(1, 2048), "256", "longest peer ID, in characters"),
          of("limits.swarm-id", integer(1, 131_070), "2048", "longest swarm ID, in characters"),
          of(
              "limits.peers-per-response",
              integer(1, 1_000_000),
              "1000",
              "peers listed in all swarm results of one response together"),
          of(
              "limits.lists-per-response",
              integer(1, 1_000_000),
              "32",
              "swarm results of one response that have a peer list; the others have none"),
          of(
              "limits.list-bytes-per-response",
              bytes("16KiB", "16MiB"),
              "256KiB",
              "length of all peer lists of one response together"),
          of("limits.expiry-batch", integer(1, 1_000_000), "10000", "peers expired per tick"),
          of(
              "limits.exempt",
              cidrs(),
              "127.0.0.0/8,::1",
              "addresses that the limits below do not apply to, unless through a proxy"),
          of(
              "limits.ipv4-prefix",
              integer(8, 32),
              "32",
              "bits of an IPv4 address that make one client"),
          of(
              "limits.ipv6-prefix",
              integer(32, 128),
              "64",
              "bits of an IPv6 address that make one client"),
          of(
              "limits.ipv6-network",
              integer(0, 64),
              "48",
              "bits of an IPv6 address that make one network of clients; 0 = no networks"),
          of(
              "limits.network-factor",
              integer(1, 1000),
              "16",
              "how often a network has what one client may have"),
          of(
              "limits.peers-per-address",
              count(),
              "10000",
              "peers registered by one client with one node, each counted as often as it is in a"
                  + " swarm; 0 = no bound"),
          of(
              "limits.connections.total",
              integer(1, 10_000_000),
              "50000",
              "open connections of one node, loopback's too"),
          of(
              "limits.connections.per-address",
              integer(1, 10_000_000),
              "2000",
              "open connections of one client"),
          of(
              "limits.connections.first-request",
              duration(),
              "15s",
              "longest time from accepting a connection to its first whole request"),
          of(
              "limits.connections.max-age",
              duration(),
              "1h",
              "age at which a connection is closed once its requests are answered"),
          of(
              "limits.rate.requests",
              count(),
              "500",
              "requests of one client per second; 0 = no bound"),
          of("limits.rate.requests-burst", burst(), "5000", "requests of one client at once"),
          of(
              "limits.rate.identity",
              count(),
              "100",
              "requests of one authenticated identity per second; 0 = no bound"),
          of("limits.rate.identity-burst", burst(), "1000", "requests of one identity at once"),
          of(
              "limits.rate.registrations",
              count(),
              "100",
              "new peers of one client per second; 0 = no bound"),
          of("limits.rate.registrations-burst", burst(), "5000", "new peers of one client at once"),
          of(
              "limits.rate.connections",
              count(),
              "100",
              "new connections of one client per second; 0 = no bound"),
          of(
              "limits.rate.connections-burst",
              burst(),
              "2000",
              "new connections of one client at once"),
          of(
              "limits.rate.handshakes",
              count(),
              "20",
              "new connections of one client to HTTPS per second; 0 = no bound"),
          of(
              "limits.rate.handshakes-burst",
              burst(),
              "200",
              "new connections of one client to HTTPS at once"),
          of(
              "limits.lock-out.failures",
              count(),
              "20",
              "bad credentials of one client that lock it out; 0 = never"),
          of("limits.lock-out.window", duration(), "1m", "time within which they have to come"),
          of(
              "limits.lock-out.duration",
              duration(),
              "1m",
              "how long a client is locked out; shorter than timers.track"),
          of(
              "limits.unsent.per-connection",
              bytes("64KiB", "256MiB"),
              "4MiB",
              "answers waiting for one connection's client to read them"),
          of(
              "limits.unsent.total",
              bytes("1MiB", "1GiB"),
              "64MiB",
              "answers of one node waiting for their clients to read them"),
          of(
              "limits.http2.streams",
              integer(1, 10_000),
              "100",
              "requests at once on one HTTP/2 connection"),
          of(
              "limits.http2.resets",
              integer(1, 1_000_000),
              "200",
              "HTTP/2 streams that a client may reset in 30 s before it is cut off"),
          of(
              "limits.http2.control-frames",
              integer(10, 1_000_000),
              "500",
              "HTTP/2 frames without a request in 30 s before a client is cut off"),
          // The cluster.
          of("cluster.enabled", bool(), "false", "be one node of a cluster; --cluster sets it"),
          of("cluster.config", optionalPath(), "", "Hazelcast configuration; none = embedded"),
          of("cluster.name", name(), "ppstp-tracker", "only nodes of the same name join"),
          of("cluster.backups", integer(0, 6), "1", "synchronous copies of all state"),
          of(
              "cluster.minimum-members",
              integer(0, 1000),
              "0",
              "members below which a node refuses to serve; 0 = serve always"),
          of(
              "cluster.member-timeout",
              duration(),
              "5s",
              "silence after which a member counts as dead"),
          of(
              "cluster.list-interval",
              duration(),
              "150ms",
              "how long changes of lists are gathered; shorter costs more, longer lists lag more"),
          of(
              "cluster.read-backups",
              bool(),
              "true",
              "answer from backups too; false asks the owner each time, which costs more"),
          of(
              "cluster.orphans-per-tick",
              integer(0, 1_000_000),
              "2000",
              "members checked per second for a lost registration"),
          of(
              "cluster.allow-plain-text",
              choice(PlainText.class),
              "false",
              "ports between nodes that may be plain text beyond loopback: none, the member port"
                  + " (members), the event bus too (true)"),
          of("cluster.bus.host", host(), "127.0.0.1", "host of the event bus between nodes"),
          of("cluster.bus.port", port(), "0", "port of the event bus; 0 = any free port"),
          of(
              "cluster.bus.public-host",
              optionalHost(),
              "",
              "host that other nodes reach the event bus at; none = cluster.bus.host"),
          of("cluster.tls.certificate", optionalPath(), "", "PEM chain for the event bus"),
          of("cluster.tls.key", optionalPath(), "", "PEM private key for the event bus"),
          of("cluster.tls.ca", optionalPath(), "", "PEM file of the CA of all nodes, and no other"),
          // The process.
          of(
              "reload.interval",
              duration(),
              "5s",
              "how often changed files are looked for: certificates, accounts, keys, settings"),
          of("instances.ingress", instances(), "0", "verticles that serve HTTP; 0 = one per CPU"),
          of("instances.validation", instances(), "0", "verticles that check; 0 = one per CPU"),
          of("instances.swarm", instances(), "0", "verticles that answer; 0 = one per CPU"),
          of(
              "shutdown.delay",
              duration(),
              "5s",
              "time between not ready and no new connections, for load balancers"),
          of("shutdown.deadline", duration(), "30s", "longest time from SIGTERM to exit"));

  private static final Map<String, Setting> BY_KEY =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

  private static final Map<String, Setting> BY_ENVIRONMENT_NAME =
      ALL.stream()
          .collect(Collectors.toUnmodifiableMap(Setting::environmentName, Function.identity()));

  private Settings() {}

  /** Returns all settings, section by section, in the order of {@code conf/tracker.yaml}. */
  public static List<Setting> all() {
    return ALL;
  }

  /** Returns the setting of {@code key}, or null if there is none. */
  static @Nullable Setting byKey(String key) {
    return BY_KEY.get(key);
  }

  /** Returns the setting that the environment variable {@code name} sets, or null. */
  static @Nullable Setting byEnvironmentName(String name) {
    return BY_ENVIRONMENT_NAME.get(name);
  }

  /** Returns whether {@code key} is the beginning of keys, such as {@code http}. */
  static boolean isSection(String key) {
    return ALL.stream().anyMatch(setting -> setting.key().startsWith(key + "."));
  }

  /** Returns the fault of {@code key}, which is none of the settings. */
  static String unknownKey(String key, String source) {
    String name = key.isBlank() ? Texts.quoted(key) : Texts.shown(key);
    String fault =
        isSection(key)
            ? "is a section, not a key; write a key such as " + firstBelow(key)
            : "unknown key"
                + Texts.nearest(key, ALL.stream().map(Setting::key))
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; conf/tracker.yaml lists all keys");
    return name + " (" + source + "): " + fault;
  }

  private static String firstBelow(String section) {
    return ALL.stream()
        .map(Setting::key)
        .filter(key -> key.startsWith(section + "."))
        .findFirst()
        .orElseThrow();
  }

  private static Setting of(
      String key, SettingType<?> type, String defaultText, String description) {
    return new Setting(key, type, defaultText, description);
  }

  private static SettingType<Integer> port() {
    return integer(0, MOST_PORT);
  }

  private static SettingType<Integer> count() {
    return integer(0, 1_000_000);
  }

  private static SettingType<Integer> burst() {
    return integer(1, 1_000_000);
  }

  private static SettingType<Integer> instances() {
    return integer(0, MOST_INSTANCES);
  }

  private static SettingType<List<String>> digestAlgorithms() {
    return list(
        "an algorithm of HTTP Digest",
        "sha-256, sha-512-256 or md5, each also with -sess",
        name -> name.matches("(sha-256|sha-512-256|md5)(-sess)?"));
  }

  private static SettingType<List<String>> patterns() {
    return list(
        "a pattern of swarm IDs",
        "swarm IDs without spaces, * for any characters, such as members-*",
        pattern -> pattern.matches("[^\\s\\p{Cntrl}]+"));
  }

  private static SettingType<List<String>> urlPaths() {
    return list(
        "a URL path",
        "paths that begin with a slash, such as /ppstp",
        path -> path.matches("/[^\\s?#]*"));
  }

  /** RFC 6454, Section 6.2. */
  private static SettingType<List<String>> origins() {
    return list(
        "an origin",
        "origins such as https://player.example or http://localhost:8080, in lower case",
        origin -> origin.matches("https?://[a-z0-9.:\\[\\]-]+"));
  }

  private static SettingType<List<String>> serverNames() {
    return list(
        "a server name",
        "host names in lower case such as tracker.example, with *. before for one label more",
        name -> name.matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*"));
  }

  /** RFC 6749, Section 3.3. */
  private static SettingType<List<String>> scopes() {
    return list(
        "a scope",
        "scopes without spaces and quotes, such as ppstp",
        scope -> scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+"));
  }
}
