package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files taken in while the tracker runs. */
class ReloadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("set by JUnit");

  private Authority ours;
  private X509Bundle first;

  @BeforeEach
  void issue() throws Exception {
    ours = Authority.found(folder, "ours");
    first = ours.issueServer();
    Authority.write(first, folder, "server");
  }

  private TrackerProcess start(String interval) {
    return TrackerProcess.onFreePorts()
        // Whoever runs this test may be under nohup.
        .through(List.of("env", "--default-signal=HUP"))
        .set("instances.ingress", 4)
        .set("https.enabled", true)
        .set("https.port", 0)
        .set("https.certificate", folder.resolve("server.crt"))
        .set("https.key", folder.resolve("server.key"))
        .set("reload.interval", interval)
        .start();
  }

  private static void awaitCertificate(TrackerProcess tracker, X509Certificate expected)
      throws Exception {
    Await.until(
        "the new certificate", PATIENCE, () -> Tls.shownBy(tracker.https()).equals(expected));
  }

  @Test
  void aChangedCertificateIsShownWhileOldConnectionsGoOn() throws Exception {
    try (TrackerProcess tracker = start("200ms")) {
      HttpClient old =
          HttpClient.newBuilder().sslContext(Tls.trusting(first.getCertificate())).build();
      PpstpClient peer = new PpstpClient(tracker.https(), old);
      peer.post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      X509Bundle second = ours.issueServer();
      Authority.write(second, folder, "server");

      awaitCertificate(tracker, second.getCertificate());

      peer.post(Message.find("p", "2", "s")).expectSuccess();
      awaitLog(tracker, "audit: reloaded certificates (changed)");
      for (int i = 0; i < 10; i++) {
        X509Bundle next = ours.issueServer();
        Authority.write(next, folder, "server");
        tracker.signal("HUP");
        awaitCertificate(tracker, next.getCertificate());
      }
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void aSignalTakesFilesInAtOnce() throws Exception {
    try (TrackerProcess tracker = start("1h")) {
      X509Bundle second = ours.issueServer();
      Authority.write(second, folder, "server");
      tracker.signal("HUP");

      awaitCertificate(tracker, second.getCertificate());
      awaitLog(tracker, "audit: reloaded certificates (SIGHUP)");
    }
  }

  @Test
  void aBadFileIsRefusedInOneLineAndTheOldOneStays() throws Exception {
    try (TrackerProcess tracker = start("200ms")) {
      Files.writeString(folder.resolve("server.key"), "no key");
      awaitLog(tracker, "new certificates are not taken, the old ones stay in force");
      assertEquals(first.getCertificate(), Tls.shownBy(tracker.https()));

      Authority.write(Authority.found(folder, "other").issueServer(), folder, "other");
      Files.copy(
          folder.resolve("other.key"),
          folder.resolve("server.key"),
          StandardCopyOption.REPLACE_EXISTING);
      awaitLog(tracker, "is not the key of the certificate");
      assertEquals(first.getCertificate(), Tls.shownBy(tracker.https()));
      String secret = Files.readAllLines(folder.resolve("other.key")).get(1);
      assertTrue(tracker.log().stream().noneMatch(line -> line.contains(secret)));
    }
  }

  /** A client whose connections show this certificate. */
  private PpstpClient client(TrackerProcess tracker, X509Bundle certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        certificate.toKeyManagerFactory().getKeyManagers(),
        first.toTrustManagerFactory().getTrustManagers(),
        null);
    return new PpstpClient(
        tracker.https(),
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build());
  }

  @Test
  void whoseCertificateIsRevokedIsRefusedOnOpenConnectionsToo() throws Exception {
    X509Bundle one = ours.issue("CN=viewer-1", it -> it);
    X509Bundle other = ours.issue("CN=viewer-2", it -> it);
    Path lists = ours.revoke(folder.resolve("lists.crl"));
    Path authorities = folder.resolve("authorities.crt");
    Files.copy(ours.certificate(), authorities);
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .through(List.of("env", "--default-signal=HUP"))
            .set("http.enabled", false)
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.certificate", folder.resolve("server.crt"))
            .set("https.key", folder.resolve("server.key"))
            .set("https.client-certificates", "require")
            .set("https.client-ca", authorities)
            .set("https.client-crl", lists)
            .set("reload.interval", "1h")
            .start()) {
      PpstpClient revoked = client(tracker, one);
      PpstpClient good = client(tracker, other);
      revoked.post(Message.connect("viewer-1", "1").joinAsLeech("s")).expectSuccess();
      good.post(Message.connect("viewer-2", "1").joinAsLeech("s")).expectSuccess();

      ours.revoke(lists, one.getCertificate());
      tracker.signal("HUP");
      awaitLog(tracker, "audit: reloaded certificates (SIGHUP)");

      Reply refused = revoked.post(Message.find("viewer-1", "2", "s")).expect(401, 6);
      assertEquals("ClientCertificate realm=\"ppstp-tracker\"", refused.header("www-authenticate"));
      awaitLog(tracker, "the certificate is revoked");
      good.post(Message.find("viewer-2", "2", "s")).expectSuccess();
      Await.until(
          "a new connection gets no handshake",
          Duration.ofSeconds(30),
          () -> {
            try {
              // Until the listener has the new list too, the request is what is refused.
              client(tracker, one).post(Message.find("viewer-1", "3", "s")).expect(401, 6);
              return false;
            } catch (IOException handshakeRefused) {
              return true;
            }
          });

      Files.copy(
          Authority.found(folder, "new").certificate(),
          authorities,
          StandardCopyOption.REPLACE_EXISTING);
      tracker.signal("HUP");
      awaitLog(tracker, "has a list that no authority in https.client-ca has signed");
      good.post(Message.find("viewer-2", "3", "s")).expectSuccess();
    }
  }

  @Test
  void limitsChangeAndOtherSettingsWaitForARestart() throws Exception {
    Path file = folder.resolve("tracker.yaml");
    Files.writeString(file, "limits:\n  swarm-id: 10\n");
    try (TrackerProcess tracker =
            TrackerProcess.onFreePorts()
                .arguments("--config", file.toString())
                .set("reload.interval", "200ms")
                .start();
        EventTap events = EventTap.open(tracker, "kind=configured")) {
      PpstpClient peer = tracker.client();
      peer.post(Message.connect("p", "1").joinAsLeech("0123456789")).expectSuccess();
      Await.until("it listens", PATIENCE, () -> !events.lines().isEmpty());

      replace(file, "limits:\n  swarm-id: 9\npeer-list:\n  default: 7\n");
      awaitLog(tracker, "audit: reloaded settings (changed)");
      Await.until("it is told", PATIENCE, () -> !events.events().isEmpty());
      assertEquals(
          "[\"limits.swarm-id\"] [\"peer-list.default\"]",
          events.events().get(0).path("settings") + " " + events.events().get(0).path("waiting"));
      peer.post(Message.connect("q", "1").joinAsLeech("0123456789")).expect(400, 1);
      peer.post(Message.connect("q", "2").joinAsLeech("012345678")).expectSuccess();
      awaitLog(tracker, "in force only after a restart: peer-list.default");

      replace(file, "limits:\n  swarm-id: none\n");
      awaitLog(tracker, "new settings are not taken, the old ones stay in force: limits.swarm-id");
      peer.post(Message.find("q", "3", "012345678")).expectSuccess();
    }
  }

  /** At once, as operators do: an empty file would be a good one that changes nothing. */
  private static void replace(Path file, String text) throws IOException {
    Path next = Files.writeString(file.resolveSibling("next.yaml"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void awaitLog(TrackerProcess tracker, String part) throws Exception {
    Await.until(part, PATIENCE, () -> tracker.log().stream().anyMatch(line -> line.contains(part)));
  }
}
