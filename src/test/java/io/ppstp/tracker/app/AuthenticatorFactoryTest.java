package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorFactoryTest {
  @TempDir private Path folder = Path.of("set by JUnit");

  /** The node's own clock goes on from the time that the machine had at the start. */
  @Test
  void certificatesAreHeldAgainstTheTrueTimeOfDay() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    X509Bundle viewer = ours.issue("CN=viewer-1", builder -> builder);
    TrackerConfig config =
        ConfigLoader.load(
            null,
            Map.of(),
            List.of(
                "https.enabled=true",
                "https.self-signed=true",
                "https.client-certificates=require",
                "https.client-ca=" + ours.certificate()));
    Vertx vertx = Vertx.vertx();
    try {
      Platform wrongAtBoot = new Platform.Alone(vertx, new LocalStore(1), () -> Instant.EPOCH);
      Authenticator authenticator =
          Await.result(
              AuthenticatorFactory.of(
                  config,
                  wrongAtBoot,
                  new HttpsFiles(config.https()),
                  Audit.NONE,
                  Limits.unbounded().lockouts()));
      IpAddress from = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
      AuthAttempt attempt =
          new AuthAttempt("POST", "/", null, new byte[0], viewer.getCertificate(), from);
      assertInstanceOf(
          AuthState.Authenticated.class, Await.result(authenticator.judge(attempt)).authState());
    } finally {
      Await.result(vertx.close());
    }
  }
}
