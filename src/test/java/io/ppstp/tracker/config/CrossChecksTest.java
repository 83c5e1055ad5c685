package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.assertOneFault;
import static io.ppstp.tracker.config.Configs.faultsOfSet;
import static io.ppstp.tracker.config.Configs.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.config.WebTorrentConfig.TokenPlace;
import io.ppstp.tracker.config.text.Hosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossChecksTest {
  private final Path directory;

  CrossChecksTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void someListenerIsNeeded() {
    assertOneFault(
        faultsOfSet("http.enabled=false"),
        "http.enabled (--set): is false, and so is https.enabled (default)",
        "set one of them to true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "tracker.example"})
  void plainTextBeyondLoopbackHasToBeAllowed(String host) throws Exception {
    String assignment = "http.host=" + host;

    assertOneFault(
        faultsOfSet(assignment),
        "http.host (--set): '" + host + "' is not loopback",
        "or set http.allow-plain-text=true behind a TLS proxy");
    assertEquals(host, set(assignment, "http.allow-plain-text=true").http().host());
    set(assignment, "http.enabled=false", "https.enabled=true", "https.self-signed=true");
  }

  @Test
  void theManagementPortsSettingsFitTogether() throws Exception {
    String pem = Files.writeString(directory.resolve("m.pem"), "pem").toString();
    assertOneFault(
        faultsOfSet("management.certificate=" + pem),
        "management.certificate (--set): is set without management.key",
        "set both");
    assertOneFault(
        faultsOfSet("management.client-ca=" + pem),
        "management.client-ca (--set): asks for certificates, which need TLS",
        "set management.certificate and management.key");
    assertOneFault(
        faultsOfSet("management.writers=bob"),
        "management.writers (--set): names operators by their certificates",
        "set management.client-ca");
    assertOneFault(
        faultsOfSet("management.tokens=" + directory.resolve("none")),
        "management.tokens (--set): '" + directory.resolve("none") + "' does not exist",
        "name a file with a role, a name and a token a line that this process may read");
    set("management.certificate=" + pem, "management.key=" + pem, "management.client-ca=" + pem);
  }

  @Test
  void httpsNeedsFilesOrASelfSignedCertificate() throws Exception {
    String pem = Files.writeString(directory.resolve("a.pem"), "pem").toString();
    String on = "https.enabled=true";

    assertOneFault(
        faultsOfSet(on),
        "https.enabled (--set): is true without a certificate; set https.certificate and",
        "https.self-signed=true for trying out");
    assertOneFault(
        faultsOfSet(on, "https.certificate=" + pem),
        "https.certificate (--set): is set without https.key",
        "set both");
    assertOneFault(
        faultsOfSet(on, "https.key=" + pem), "https.key (--set): is set without", "set both");
    assertOneFault(
        faultsOfSet(on, "https.self-signed=true", "https.key=" + pem, "https.certificate=" + pem),
        "https.self-signed (--set): is true, but https.certificate (--set) names a file",
        "keep the files or the self-signed certificate");
    assertTrue(set(on, "https.self-signed=true").https().selfSigned());
    assertEquals(
        Optional.of(Path.of(pem)),
        set(on, "https.certificate=" + pem, "https.key=" + pem).https().key());
  }

  @Test
  void certificateFilesAreReadable() throws Exception {
    String pem = Files.writeString(directory.resolve("a.pem"), "pem").toString();

    assertOneFault(
        faultsOfSet("https.enabled=true", "https.certificate=/no.pem", "https.key=" + pem),
        "https.certificate (--set): '/no.pem' does not exist; name a PEM file",
        "");
    assertOneFault(
        faultsOfSet("https.enabled=true", "https.certificate=" + pem, "https.key=" + directory),
        "https.key (--set): '" + directory + "' cannot be read as a file",
        "");
  }

  @Test
  void aProxyIsTrustedForSomethingAndSomethingIsTrustedFromAProxy() throws Exception {
    assertOneFault(
        faultsOfSet("proxy.header=forwarded"),
        "proxy.header (--set): is set, but no proxy is trusted to send it",
        "in proxy.trusted");
    assertOneFault(
        faultsOfSet("proxy.trusted=192.0.2.1,2001:db8::/32"),
        "proxy.trusted (--set): trusts a proxy, but proxy.header (default) is none",
        "forwarded or proxy-protocol");
    assertEquals(
        ProxyHeader.PROXY_PROTOCOL,
        set("proxy.header=proxy-protocol", "proxy.trusted=::1/128").proxy().header());
  }

  @Test
  void oneClientCannotHaveMoreConnectionsThanAll() throws Exception {
    assertOneFault(
        faultsOfSet("limits.connections.total=100"),
        "limits.connections.per-address (default): 2000 is more than the 100 of"
            + " limits.connections.total (--set)",
        "lower it or raise that");
    set("limits.connections.total=100", "limits.connections.per-address=100");
  }

  @Test
  void theFirstRequestHasTimeForItsBody() throws Exception {
    assertOneFault(
        faultsOfSet("http.request-deadline=20s"),
        "limits.connections.first-request (default): is shorter than http.request-deadline",
        "lengthen it or shorten that");
    set("http.request-deadline=20s", "limits.connections.first-request=20s");
  }

  @Test
  void theDefaultPeerListIsNotLongerThanTheLongest() throws Exception {
    assertOneFault(
        faultsOfSet("peer-list.maximum=10"),
        "peer-list.default (default): 20 is more than the 10 of peer-list.maximum (--set)",
        "");
    set("peer-list.maximum=10", "peer-list.default=10");
  }

  @Test
  void aTickIsNotLongerThanTheTrackTimer() throws Exception {
    assertOneFault(
        faultsOfSet("timers.tick=4m"),
        "timers.tick (--set): is longer than timers.track (default)",
        "");
    set("timers.tick=3m");
  }

  @Test
  void aRevocationListNeedsAnAuthority() throws Exception {
    Path pem = Files.writeString(directory.resolve("file.pem"), "");
    String[] on = {"https.enabled=true", "https.self-signed=true"};
    assertOneFault(
        faultsOfSet(on[0], on[1], "https.client-crl=" + pem),
        "https.client-crl (--set): is set, but there is no authority",
        "set https.client-ca too");
    set(
        on[0],
        on[1],
        "https.client-certificates=request",
        "https.client-ca=" + pem,
        "https.client-crl=" + pem);
  }

  @Test
  void closedSwarmsAreForOpenTrackers() throws Exception {
    assertOneFault(
        faultsOfSet("auth.required=true", "auth.swarms=members-*"),
        "auth.swarms (--set): names swarms that need credentials, but auth.required (--set) is"
            + " true",
        "set that to false or leave this out");
    assertEquals(
        List.of("members-*", "b"),
        set("auth.required=false", "auth.swarms=members-*,b").auth().swarms());
  }

  @Test
  void aNetworkHoldsManyClients() throws Exception {
    assertOneFault(
        faultsOfSet("limits.ipv6-prefix=48"),
        "limits.ipv6-network (default): 48 is not less than the 48 of limits.ipv6-prefix (--set)",
        "lower it or set it to 0");
    set("limits.ipv6-prefix=48", "limits.ipv6-network=0");
    set("limits.ipv6-prefix=56");
  }

  @Test
  void aLockOutIsShorterThanTheTrackTimer() throws Exception {
    assertOneFault(
        faultsOfSet("limits.lock-out.duration=3m"),
        "limits.lock-out.duration (--set): is not shorter than timers.track (default)",
        "shorten it");
    set("limits.lock-out.duration=179s");
    set("timers.track=2s");
  }

  @Test
  void listenersHaveTheirOwnPorts() throws Exception {
    String tls = "https.enabled=true";
    String signed = "https.self-signed=true";

    assertOneFault(
        faultsOfSet("management.port=7846"),
        "management.port (--set): 7846 is also http.port (default) on the same host",
        "change one");
    assertOneFault(
        faultsOfSet("management.port=7846", "management.host=0.0.0.0"), "management.port", "");
    assertOneFault(
        faultsOfSet("management.port=7846", "management.host=LocalHost"), "management.port", "");
    assertOneFault(
        faultsOfSet(tls, signed, "https.port=7846"),
        "https.port (--set): 7846 is also http.port (default)",
        "");
    set("management.port=7846", "management.host=127.0.0.2");
    set("management.port=0", "http.port=0");
    set("https.port=7846");
  }

  @Test
  void aCheckIsLeftOutWhenItsValuesWereRefused() {
    assertOneFault(
        faultsOfSet("peer-list.maximum=10", "peer-list.default=x"), "peer-list.default", "");
    assertOneFault(
        faultsOfSet("http.host=0.0.0.0", "http.allow-plain-text=ja"), "http.allow-plain-text", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.255.1.2", "::1", "0:0:0:0:0:0:0:1"})
  void loopback(String host) {
    assertTrue(Hosts.isLoopback(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "128.0.0.1",
        "::",
        "::2",
        "fe80::1%lo",
        "localhost.example",
        "127.0.0.1.example",
        "127.1",
        "127.0.0.256",
        "example",
        "ip6-localhost",
        ""
      })
  void notLoopback(String host) {
    assertFalse(Hosts.isLoopback(host));
  }

  @Test
  void digestNeedsAFileAndDifferentAlgorithms() throws Exception {
    String file = Files.writeString(directory.resolve("accounts"), "").toString();

    assertOneFault(
        faultsOfSet("auth.digest.accounts=/no/accounts"),
        "auth.digest.accounts (--set): '/no/accounts' does not exist",
        "make it with ppstp-tracker account add");
    assertOneFault(
        faultsOfSet("auth.digest.accounts=" + directory),
        "auth.digest.accounts (--set): '" + directory + "' cannot be read as a file",
        "make it with ppstp-tracker account add");
    assertOneFault(
        faultsOfSet("auth.digest.algorithms="),
        "auth.digest.algorithms (--set): names none",
        "write sha-256, sha-512-256");
    assertOneFault(
        faultsOfSet("auth.digest.algorithms=md5,md5"),
        "auth.digest.algorithms (--set): names one twice",
        "leave it out");
    assertEquals(
        Optional.of(Path.of(file)),
        set("auth.digest.accounts=" + file, "auth.digest.algorithms=md5-sess,md5")
            .auth()
            .digest()
            .accounts());
  }

  @Test
  void browsersNeedAPathAndTime() throws Exception {
    String on = "webtorrent.enabled=true";

    assertOneFault(
        faultsOfSet(on, "webtorrent.paths="),
        "webtorrent.paths (--set): names none",
        "write /announce, /");
    assertOneFault(
        faultsOfSet(on, "webtorrent.idle-timeout=2m"),
        "webtorrent.idle-timeout (--set): is shorter than timers.track (default)",
        "raise it");
    assertEquals(List.of("*"), set(on, "webtorrent.origins=*").webtorrent().origins());
    set("webtorrent.paths=", "webtorrent.idle-timeout=2m");
  }

  @Test
  void tokensInUrlsNeedSomebodyToJudgeThem() throws Exception {
    for (String of : List.of("webtorrent", "bittorrent")) {
      assertOneFault(
          faultsOfSet(of + ".enabled=true", of + ".token=query"),
          of + ".token (--set): lets tokens be brought in URLs, but none are accepted",
          "set auth.bearer.issuer");
    }
    assertEquals(TokenPlace.PATH, set("webtorrent.token=path").webtorrent().token());
    assertEquals(TokenPlace.PATH, set("bittorrent.token=path").bittorrent().token());
  }

  @Test
  void swarmsOfBitTorrentClientsAreHashes() throws Exception {
    String hash = "0123456789abcdefABCD0123456789abcdefABCD";
    assertEquals(List.of(hash), set("bittorrent.allowed=" + hash).bittorrent().allowed());
    assertOneFault(
        faultsOfSet("bittorrent.allowed=news main"),
        "bittorrent.allowed (--set): 'news main' is not an info hash",
        "40 hexadecimal digits");
  }

  @Test
  void swarmsOfBrowsersAreHashesOrStreamsByName() throws Exception {
    String hash = "0123456789abcdefABCD0123456789abcdefABCD";
    String stream = "https://cdn.example/a.m3u8?x main BANDWIDTH=800000 RESOLUTION=640x360";
    assertEquals(
        List.of(hash, stream, "news main"),
        set("webtorrent.allowed=" + hash + ", " + stream + ",news main").webtorrent().allowed());
    for (String wrong :
        List.of(
            hash.substring(1),
            "news",
            "news other",
            "news main BANDWIDTH=much",
            "news main RESOLUTION=640",
            "news main BANDWIDTH=8 640x360")) {
      assertOneFault(
          faultsOfSet("webtorrent.allowed=" + wrong),
          "webtorrent.allowed (--set): '" + wrong + "' is not a swarm",
          "see webtorrent.md");
    }
  }

  @Test
  void bitTorrentClientsNeedAPath() throws Exception {
    assertOneFault(
        faultsOfSet("bittorrent.enabled=true", "bittorrent.paths="),
        "bittorrent.paths (--set): names none",
        "write /announce");
    set("bittorrent.paths=");
  }
}
