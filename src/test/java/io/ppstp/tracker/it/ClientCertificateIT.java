package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS client authentication, with curl and openssl as the clients. */
class ClientCertificateIT {
  @TempDir private static Path folder = Path.of("set by JUnit");

  private static Tls.@Nullable PemFiles viewer;
  private static Tls.@Nullable PemFiles stranger;
  private static Tls.@Nullable PemFiles server;
  private static Tls.@Nullable PemFiles expired;

  @BeforeAll
  static void issue() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    server = Authority.write(ours.issueServer(), folder, "server");
    viewer = Authority.write(ours.issue("CN=viewer-1", builder -> builder), folder, "viewer");
    X509Bundle old =
        ours.issue(
            "CN=viewer-1",
            builder ->
                builder
                    .notBefore(Instant.now().minus(Duration.ofDays(9)))
                    .notAfter(Instant.now().minus(Duration.ofDays(8))));
    expired = Authority.write(old, folder, "expired");
    X509Bundle foreign = Authority.found(folder, "theirs").issue("CN=viewer-1", builder -> builder);
    stranger = Authority.write(foreign, folder, "stranger");
  }

  private static Tls.PemFiles files(Tls.@Nullable PemFiles files) {
    return Objects.requireNonNull(files);
  }

  private static TrackerProcess start(String asked) {
    return TrackerProcess.onFreePorts()
        .set("http.enabled", false)
        .set("https.enabled", true)
        .set("https.port", 0)
        .set("https.certificate", files(server).certificate())
        .set("https.key", files(server).key())
        .set("https.client-certificates", asked)
        .set("https.client-ca", folder.resolve("ours.crt"))
        .start();
  }

  /** Returns the HTTP status, a space and the PPSTP error code; "000 " if there was no answer. */
  private static String connect(
      TrackerProcess tracker, String version, String peerId, Tls.@Nullable PemFiles certificate)
      throws Exception {
    Path answer = folder.resolve("answer");
    Files.deleteIfExists(answer);
    List<String> command = new ArrayList<>();
    Collections.addAll(command, "curl", "-s", version, "-o", answer.toString());
    Collections.addAll(command, "--cacert", folder.resolve("ours.crt").toString());
    Collections.addAll(command, "-w", "%{http_code}");
    if (certificate != null) {
      Collections.addAll(command, "--cert", certificate.certificate().toString());
      Collections.addAll(command, "--key", certificate.key().toString());
    }
    Collections.addAll(command, "-H", "Content-Type: application/ppsp-tracker+json");
    Collections.addAll(command, "-d", Message.connect(peerId, "1").joinAsLeech("s").json());
    command.add(tracker.https().toString());
    String status = Commands.run(command.toArray(String[]::new)).strip();
    String code =
        Files.exists(answer) && Files.size(answer) > 0
            ? Json.parse(Files.readString(answer)).at("/PPSPTrackerProtocol/error_code").asText()
            : "";
    return status + " " + code;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void aRequiredCertificateIsTheWayIn(String version) throws Exception {
    try (TrackerProcess tracker = start("require")) {
      assertEquals("200 0", connect(tracker, version, "viewer-1", viewer));
      assertEquals("403 3", connect(tracker, version, "viewer-2", viewer));
      assertEquals("000 ", connect(tracker, version, "viewer-1", null));
      assertEquals("000 ", connect(tracker, version, "viewer-1", stranger));
      assertEquals("000 ", connect(tracker, version, "viewer-1", expired));
      assertEquals(List.of(), tracker.errors());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2"})
  void aRequestedCertificateMayBeDeclinedButThenThereIsNoWayInEither(String version)
      throws Exception {
    try (TrackerProcess tracker = start("request")) {
      assertEquals("200 0", connect(tracker, version, "viewer-1", viewer));
      assertEquals("401 6", connect(tracker, version, "viewer-1", null));
      assertEquals("000 ", connect(tracker, version, "viewer-1", stranger));
    }
  }

  @Test
  void aCertificateCanBeOptional() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.certificate", files(server).certificate())
            .set("https.key", files(server).key())
            .set("https.client-certificates", "request")
            .set("https.client-ca", folder.resolve("ours.crt"))
            .set("auth.required", false)
            .start()) {
      assertEquals("200 0", connect(tracker, "--http2", "viewer-9", null));
      assertEquals("403 3", connect(tracker, "--http2", "viewer-9", viewer));
      tracker.client().post(Message.connect("plain", "1").joinAsLeech("s")).expectSuccess();
    }
  }

  @Test
  void theHandshakeNamesTheAuthorityAndOldProtocolsAndForeignAlpnFail() throws Exception {
    try (TrackerProcess tracker = start("require")) {
      String address = tracker.https().getHost() + ":" + tracker.https().getPort();
      String good =
          openssl(address, "-alpn", "h2", "-cert", viewer().certificate(), "-key", viewer().key());
      assertTrue(good.contains("CN = ours") || good.contains("CN=ours"), good);
      assertTrue(good.contains("ALPN protocol: h2"), good);
      String foreignAlpn =
          openssl(
              address, "-alpn", "spdy/3", "-cert", viewer().certificate(), "-key", viewer().key());
      assertFalse(foreignAlpn.contains("ALPN protocol: "), foreignAlpn);
      assertTrue(foreignAlpn.contains("alert no application protocol"), foreignAlpn);
    }
  }

  private static Tls.PemFiles viewer() {
    return files(viewer);
  }

  private static String openssl(String address, Object... more) throws Exception {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, "sh", "-c");
    StringBuilder line =
        new StringBuilder("echo | timeout 10 openssl s_client -connect " + address);
    for (Object part : more) {
      line.append(' ').append(part);
    }
    command.add(line.append(" 2>&1; true").toString());
    return Commands.run(command.toArray(String[]::new));
  }
}
