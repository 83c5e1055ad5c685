package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.IssuerServer;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.providers.OpenIDConnectAuth;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Why {@link Discovery}, {@link ServerKeys} and {@link Introspector} are not Vert.x's OAuth2Auth:
 * what it does with an issuer that the tracker must not do. Where one of these fails after an
 * update, the library has learnt it, and code of ours may go.
 */
class OAuth2LibraryTest {
  private static final Vertx VERTX = Vertx.vertx();

  /** Twice what an {@link Inquiry} reads. */
  private static final int MUCH = 2 << 20;

  private final IssuerServer issuer;
  private final IssuerKey key = Bearer.key("one", "ES256");

  OAuth2LibraryTest() throws IOException {
    issuer = IssuerServer.start();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @BeforeEach
  void publish() {
    issuer.publish(key);
  }

  @AfterEach
  void close() {
    issuer.close();
  }

  private OAuth2Options options() {
    return new OAuth2Options()
        .setClientId("tracker/1")
        .setClientSecret("a secret")
        .setSite(issuer.issuer());
  }

  private static boolean accepts(OAuth2Auth auth, String token) {
    return Await.result(
        auth.authenticate(new TokenCredentials(token)).map(true).otherwise(failure -> false));
  }

  private String token(IssuerKey signer) {
    return signer.token(
        Json.object()
            .put("iss", issuer.issuer())
            .put("sub", "alice")
            .put("exp", System.currentTimeMillis() / 1000 + 300));
  }

  @Test
  void keysMayBeWeak() throws Exception {
    IssuerKey weak = IssuerKey.generate("weak", "RS256", 1024);
    issuer.publish(weak);
    OAuth2Auth auth = Await.result(OpenIDConnectAuth.discover(VERTX, options()));

    assertTrue(accepts(auth, token(weak)));
    auth.close();
  }

  /** The keys of an issuer that speaks TLS, say, by plain HTTP. */
  @Test
  void keysAreAskedForWhereverTheDocumentSays() {
    issuer.describe(
        Json.object()
            .put("issuer", issuer.issuer())
            .put("jwks_uri", issuer.url("/jwks").toString().replace("127.0.0.1", "localhost"))
            .toString());

    Await.result(OpenIDConnectAuth.discover(VERTX, options())).close();
    assertEquals(1, issuer.keyQuestions());
  }

  @Test
  void documentsMayBeOfAnySize() {
    issuer.describe(
        Json.object()
            .put("issuer", issuer.issuer())
            .put("jwks_uri", issuer.url("/jwks").toString())
            .put("padding", "x".repeat(MUCH))
            .toString());

    Await.result(OpenIDConnectAuth.discover(VERTX, options())).close();
  }

  /** RFC 6749, Section 2.3.1. */
  @Test
  void theClientsNameAndSecretAreNotEncoded() {
    issuer.know(token -> "{\"active\":true,\"sub\":\"alice\"}");
    OAuth2Auth auth = Await.result(OpenIDConnectAuth.discover(VERTX, options()));

    assertFalse(accepts(auth, "opaque"));
    assertEquals(List.of(), issuer.introspected());
    auth.close();
  }
}
