package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes that the HTTPS listener refuses, and what is left of them. */
class HandshakeIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("set by JUnit");

  private static TrackerProcess.Builder https() {
    return TrackerProcess.onFreePorts()
        .set("https.enabled", true)
        .set("https.self-signed", true)
        .set("https.port", 0);
  }

  /** Returns whether a handshake that asks for a name, if any, succeeds. */
  private static boolean greets(URI server, String name) throws Exception {
    try (SSLSocket socket = Tls.socket(server)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void namesThatAreNotConfiguredAreNotRecognized() throws Exception {
    try (TrackerProcess tracker =
        https().set("https.server-names", "tracker.example,*.peers.example").start()) {
      for (String good : List.of("", "tracker.example", "Tracker.Example", "a.peers.example")) {
        assertTrue(greets(tracker.https(), good), good);
      }
      for (String bad : List.of("other.example", "peers.example", "a.b.peers.example", "example")) {
        assertTrue(!greets(tracker.https(), bad), bad);
      }
      Await.until("all are counted", SOON, () -> failed(tracker, "name") == 4);
      assertEquals(List.of(), tracker.errors());
    }
    try (TrackerProcess tracker = https().start()) {
      assertTrue(greets(tracker.https(), "any.example"), "no names are configured");
      Await.until(
          "it is counted",
          SOON,
          () -> tracker.management().metric("ppstp_tls_handshakes_total").orElse(0.0) == 1);
    }
  }

  @Test
  void aRefusedCertificateLeavesATrace() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    try (TrackerProcess tracker =
        https()
            .set("https.client-certificates", "require")
            .set("https.client-ca", ours.certificate())
            .start()) {
      try (SSLSocket socket = Tls.socket(tracker.https())) {
        socket.startHandshake();
        // In TLS 1.3 the client is done before the server has seen that there is no certificate.
        assertEquals(-1, socket.getInputStream().read());
      } catch (IOException e) {
        // Refused.
      }
      try (RawConnection garbage = RawConnection.to(tracker.https())) {
        garbage.send("no handshake at all\r\n\r\n");
        assertTrue(garbage.hasInputWithin(SOON));
      }
      Await.until("one of each", SOON, () -> failed(tracker, "certificate") == 1);
      Await.until("one of each", SOON, () -> failed(tracker, "not_tls") == 1);
      assertEquals(
          1,
          tracker.log().stream()
              .filter(line -> line.contains("refused 127.0.0.1 by certificate: refused in the TLS"))
              .count(),
          () -> tracker.log().toString());
      assertEquals(List.of(), tracker.errors());
    }
  }

  private static double failed(TrackerProcess tracker, String reason) throws Exception {
    return tracker
        .management()
        .metric("ppstp_tls_failed_total{reason=\"" + reason + "\"}")
        .orElseThrow();
  }
}
