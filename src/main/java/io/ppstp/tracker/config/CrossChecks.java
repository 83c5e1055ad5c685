package io.ppstp.tracker.config;

import io.ppstp.tracker.config.AuthConfig.Requirement;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import io.ppstp.tracker.config.text.Hosts;
import io.ppstp.tracker.config.text.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks that values which are each allowed fit together; confined to the caller's thread.
 *
 * <p>A check is left out when a value it looks at was refused, for its result would mean nothing.
 */
final class CrossChecks {
  private final TrackerConfig config;
  private final Map<String, String> sources;
  private final Set<String> faulty;
  private final List<String> faults = new ArrayList<>();

  private CrossChecks(TrackerConfig config, Map<String, String> sources, Set<String> faulty) {
    this.config = config;
    this.sources = sources;
    this.faulty = faulty;
  }

  /**
   * Returns what does not fit together in {@code config}.
   *
   * @param sources by key, where its value came from
   * @param faulty the keys whose values were refused
   */
  static List<String> check(TrackerConfig config, Map<String, String> sources, Set<String> faulty) {
    CrossChecks checks = new CrossChecks(config, sources, faulty);
    checks.someListener();
    checks.plainText();
    checks.certificates();
    checks.ports();
    checks.proxy();
    new LimitChecks(config, checks).run();
    checks.peerList();
    checks.timers();
    checks.webtorrent();
    checks.bittorrent();
    checks.closedSwarms();
    checks.digest();
    new BearerChecks(config.auth().bearer(), checks).run();
    new ManagementChecks(config.management(), checks).run();
    new ClusterChecks(config.cluster(), checks).run();
    checks.shutdown();
    return checks.faults;
  }

  private void someListener() {
    if (sound("http.enabled", "https.enabled")
        && !config.http().enabled()
        && !config.https().enabled()) {
      fault(
          "http.enabled",
          "is false, and so is " + named("https.enabled") + "; set one of them to true");
    }
  }

  private void plainText() {
    TrackerConfig.Http http = config.http();
    if (sound("http.enabled", "http.host", "http.allow-plain-text")
        && http.enabled()
        && !http.allowPlainText()
        && !Hosts.isLoopback(http.host())) {
      fault(
          "http.host",
          Texts.quoted(http.host())
              + " is not loopback, and plain HTTP can be read and changed on the way; use https"
              + " (http.enabled=false, https.enabled=true), or set http.allow-plain-text=true"
              + " behind a TLS proxy");
    }
  }

  private void certificates() {
    TrackerConfig.Https https = config.https();
    if (!sound("https.enabled", "https.certificate", "https.key", "https.self-signed")
        || !https.enabled()) {
      return;
    }
    boolean certificate = https.certificate().isPresent();
    boolean key = https.key().isPresent();
    if (https.selfSigned() && (certificate || key)) {
      fault(
          "https.self-signed",
          "is true, but "
              + named(certificate ? "https.certificate" : "https.key")
              + " names a file; keep the files or the self-signed certificate");
    } else if (!https.selfSigned() && !certificate && !key) {
      fault(
          "https.enabled",
          "is true without a certificate; set https.certificate and https.key, or"
              + " https.self-signed=true for trying out");
    } else if (certificate != key) {
      fault(
          certificate ? "https.certificate" : "https.key",
          "is set without " + (certificate ? "https.key" : "https.certificate") + "; set both");
    }
    readable("https.certificate", https.certificate());
    readable("https.key", https.key());
    clientCertificates(https);
  }

  private void clientCertificates(TrackerConfig.Https https) {
    if (!sound("https.client-certificates", "https.client-ca")) {
      return;
    }
    boolean asked = https.clientCertificates() != ClientCertificates.OFF;
    if (asked && https.clientCa().isEmpty()) {
      fault(
          "https.client-certificates",
          "asks for certificates of no authority; name the PEM file of yours in https.client-ca");
    } else if (!asked && https.clientCa().isPresent()) {
      fault(
          "https.client-ca",
          "is set, but "
              + named("https.client-certificates")
              + " is off; set that to request or require");
    }
    readable("https.client-ca", https.clientCa());
    if (https.clientCrl().isPresent() && https.clientCa().isEmpty()) {
      fault(
          "https.client-crl",
          "is set, but there is no authority whose certificates it could revoke; set"
              + " https.client-ca too");
    }
    readable("https.client-crl", https.clientCrl());
  }

  /** Faults {@code file} if it cannot be read. */
  void readable(String key, Optional<Path> file) {
    readable(key, file, "a PEM file");
  }

  /** Faults {@code file} if it cannot be read; {@code what} is what it should be. */
  void readable(String key, Optional<Path> file, String what) {
    file.filter(path -> Files.isDirectory(path) || !Files.isReadable(path))
        .ifPresent(
            path ->
                fault(
                    key,
                    Texts.quoted(path.toString())
                        + (Files.exists(path) ? " cannot be read as a file" : " does not exist")
                        + "; name "
                        + what
                        + " that this process may read"));
  }

  private void ports() {
    List<Listener> listeners =
        Stream.of(
                new Listener(
                    "http", config.http().enabled(), config.http().host(), config.http().port()),
                new Listener(
                    "https",
                    config.https().enabled(),
                    config.https().host(),
                    config.https().port()),
                new Listener(
                    "management", true, config.management().host(), config.management().port()))
            .filter(Listener::enabled)
            .filter(listener -> listener.port() != 0)
            .filter(listener -> sound(listener.keys()))
            .toList();
    for (int i = 1; i < listeners.size(); i++) {
      Listener one = listeners.get(i);
      for (Listener other : listeners.subList(0, i)) {
        if (one.port() == other.port() && Hosts.overlap(one.host(), other.host())) {
          fault(
              one.portKey(),
              one.port() + " is also " + named(other.portKey()) + " on the same host; change one");
        }
      }
    }
  }

  private void proxy() {
    TrackerConfig.Proxy proxy = config.proxy();
    if (!sound("proxy.header", "proxy.trusted")) {
      return;
    }
    if (proxy.header() != ProxyHeader.NONE && proxy.trusted().isEmpty()) {
      fault(
          "proxy.header",
          "is set, but no proxy is trusted to send it; name the addresses of the proxies in"
              + " proxy.trusted");
    } else if (proxy.header() == ProxyHeader.NONE && !proxy.trusted().isEmpty()) {
      fault(
          "proxy.trusted",
          "trusts a proxy, but "
              + named("proxy.header")
              + " is none; set it to what the proxy sends: x-forwarded-for, forwarded or"
              + " proxy-protocol");
    }
  }

  private void peerList() {
    TrackerConfig.PeerList list = config.peerList();
    if (sound("peer-list.default", "peer-list.maximum") && list.defaultSize() > list.maximum()) {
      fault(
          "peer-list.default",
          list.defaultSize()
              + " is more than the "
              + list.maximum()
              + " of "
              + named("peer-list.maximum")
              + "; lower it or raise that");
    }
  }

  private void timers() {
    TrackerConfig.Timers timers = config.timers();
    if (sound("timers.tick", "timers.track") && timers.tick().compareTo(timers.track()) > 0) {
      fault(
          "timers.tick",
          "is longer than " + named("timers.track") + "; peers would expire late, so shorten it");
    }
  }

  private void webtorrent() {
    WebTorrentConfig webtorrent = config.webtorrent();
    if (sound("webtorrent.enabled", "webtorrent.paths")
        && webtorrent.enabled()
        && webtorrent.paths().isEmpty()) {
      fault("webtorrent.paths", "names none; write /announce, /");
    }
    if (sound("webtorrent.enabled", "webtorrent.token") && webtorrent.enabled()) {
      tokens("webtorrent.token", webtorrent.token());
    }
    // Clients announce themselves twice within three track timers.
    if (sound("webtorrent.idle-timeout", "timers.track")
        && webtorrent.enabled()
        && webtorrent.idleTimeout().compareTo(config.timers().track()) < 0) {
      fault(
          "webtorrent.idle-timeout",
          "is shorter than " + named("timers.track") + "; viewers would be cut off, so raise it");
    }
  }

  private void bittorrent() {
    if (sound("bittorrent.enabled", "bittorrent.paths")
        && config.bittorrent().enabled()
        && config.bittorrent().paths().isEmpty()) {
      fault("bittorrent.paths", "names none; write /announce");
    }
    if (sound("bittorrent.enabled", "bittorrent.token") && config.bittorrent().enabled()) {
      tokens("bittorrent.token", config.bittorrent().token());
    }
  }

  private void tokens(String setting, TokenPlace place) {
    if (place != TokenPlace.OFF
        && sound("auth.bearer.issuer", "auth.bearer.jwks", "auth.bearer.introspection")
        && !config.auth().bearer().enabled()) {
      fault(
          setting, "lets tokens be brought in URLs, but none are accepted; set auth.bearer.issuer");
    }
  }

  private void closedSwarms() {
    AuthConfig auth = config.auth();
    if (sound("auth.swarms", "auth.required")
        && !auth.swarms().isEmpty()
        && auth.required() == Requirement.TRUE) {
      fault(
          "auth.swarms",
          "names swarms that need credentials, but "
              + named("auth.required")
              + " is true, so all do; set that to false or leave this out");
    }
  }

  private void digest() {
    AuthConfig.Digest digest = config.auth().digest();
    if (sound("auth.digest.algorithms") && digest.algorithms().isEmpty()) {
      fault("auth.digest.algorithms", "names none; write sha-256, sha-512-256");
    }
    if (sound("auth.digest.algorithms")
        && Set.copyOf(digest.algorithms()).size() < digest.algorithms().size()) {
      fault("auth.digest.algorithms", "names one twice; leave it out");
    }
    digest
        .accounts()
        .filter(path -> Files.isDirectory(path) || !Files.isReadable(path))
        .ifPresent(
            path ->
                fault(
                    "auth.digest.accounts",
                    Texts.quoted(path.toString())
                        + (Files.exists(path) ? " cannot be read as a file" : " does not exist")
                        + "; make it with ppstp-tracker account add"));
  }

  private void shutdown() {
    TrackerConfig.Shutdown shutdown = config.shutdown();
    if (sound("shutdown.delay", "shutdown.deadline")
        && shutdown.delay().compareTo(shutdown.deadline()) >= 0) {
      fault(
          "shutdown.delay",
          "leaves nothing of " + named("shutdown.deadline") + "; shorten it or raise that");
    }
  }

  boolean sound(String... keys) {
    return Stream.of(keys).noneMatch(faulty::contains);
  }

  /** Returns whether somebody has set {@code key}, and it is not merely at its default. */
  boolean isWritten(String key) {
    return !"default".equals(sources.get(key));
  }

  String named(String key) {
    return key + " (" + sources.get(key) + ")";
  }

  void fault(String key, String what) {
    faults.add(named(key) + ": " + what);
  }

  private record Listener(String section, boolean enabled, String host, int port) {
    String portKey() {
      return section + ".port";
    }

    String[] keys() {
      return new String[] {section + ".enabled", section + ".host", portKey()};
    }
  }
}
