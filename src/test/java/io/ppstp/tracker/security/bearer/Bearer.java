package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.bearer.ClaimsCheck.BearerRules;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.security.bearer.KeySet.KeySource;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short ways to tokens and verifiers in tests. */
final class Bearer {
  static final String ISSUER = "https://login.example/realms/live";
  static final String AUDIENCE = "tracker";
  static final long NOW_MS = 1_800_000_000_000L;

  private Bearer() {}

  static BearerRules rules(String... scopes) {
    return new BearerRules(
        Optional.of(ISSUER), Optional.of(AUDIENCE), List.of(scopes), "sub", Optional.empty());
  }

  /** Returns claims that nothing is wrong with. */
  static ObjectNode claims() {
    return Json.object()
        .put("iss", ISSUER)
        .put("aud", AUDIENCE)
        .put("sub", "alice")
        .put("scope", "ppstp other")
        .put("iat", NOW_MS / 1000)
        .put("exp", NOW_MS / 1000 + 300);
  }

  static JwtVerifier verifier(KeySource keys, BearerRules rules, FakeClock clock) {
    return new JwtVerifier(keys, new ClaimsCheck(rules, clock), clock);
  }

  static Finding judged(JwtVerifier verifier, String token) {
    Jwt jwt = Jwt.parse(token);
    return jwt == null
        ? new Finding.Bad(TokenFault.UNREADABLE)
        : Await.result(verifier.verify(jwt));
  }

  static void assertBad(TokenFault fault, Finding finding) {
    assertEquals(new Finding.Bad(fault), finding);
  }

  static Identity identity(Finding finding) {
    if (finding instanceof Finding.Good good) {
      return good.identity();
    }
    throw new AssertionError("expected a good token: " + finding);
  }

  static KeySet keys(Vertx vertx, IssuerKey... keys) throws IOException {
    return KeySet.parse(Buffer.buffer(IssuerKey.set(keys)), vertx);
  }

  /** Makes a key, where a test cannot fail. */
  static IssuerKey key(String id, String algorithm) {
    try {
      return IssuerKey.generate(id, algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a set, where a test cannot fail. */
  static KeySet keySet(Vertx vertx, IssuerKey... keys) {
    try {
      return keys(vertx, keys);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keys that never change. */
  static KeySource fixed(@Nullable KeySet set) {
    return new KeySource() {
      @Override
      public @Nullable KeySet current() {
        return set;
      }

      @Override
      public Future<Void> lookAgain() {
        return Future.succeededFuture();
      }

      @Override
      public boolean isOutdated() {
        return false;
      }
    };
  }

  static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value);
  }
}
