package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.config.text.Urls;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.IssuerServer;
import io.ppstp.tracker.testing.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an issuer may say about itself, and what is not believed. */
class DiscoveryTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final IssuerServer issuer;
  private final Discovery discovery;

  DiscoveryTest() throws IOException {
    issuer = IssuerServer.start();
    discovery = discovery(issuer.issuer());
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close();
  }

  @AfterEach
  void close() {
    issuer.close();
  }

  private static Discovery discovery(String name) {
    return new Discovery(
        name,
        text -> Urls.parse(text).filter(url -> url.getHost().equals("127.0.0.1")),
        new Inquiry(VERTX, 3000));
  }

  private ObjectNode description() {
    return Json.object()
        .put("issuer", issuer.issuer())
        .put("jwks_uri", issuer.url("/jwks").toString())
        .put("introspection_endpoint", issuer.url("/introspect").toString());
  }

  private static String failure(Future<?> future) {
    CompletionException failed = assertThrows(CompletionException.class, () -> join(future));
    assertTrue(failed.getCause() instanceof IOException, failed::toString);
    return String.valueOf(Objects.requireNonNull(failed.getCause()).getMessage());
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theDocumentIsBelowTheIssuer() {
    URI expected = URI.create("https://login.example/realms/live/.well-known/openid-configuration");

    assertEquals(expected, Discovery.location("https://login.example/realms/live"));
    assertEquals(expected, Discovery.location("https://login.example/realms/live/"));
  }

  @Test
  void theIssuerSaysWhereItsKeysAreAndWhereToAsk() {
    assertEquals(Buffer.buffer("{}"), Await.result(discovery.keys()));
    assertEquals(issuer.url("/introspect"), Await.result(discovery.introspection()));
  }

  @Test
  void theKeysMayMoveAndWorkWhileTheDocumentIsAway() {
    join(discovery.keys());
    issuer.describe(description().put("jwks_uri", issuer.url("/moved").toString()).toString());
    assertEquals("HTTP status 302", failure(discovery.keys()));
    issuer.describe(description().toString());
    join(discovery.keys());
    issuer.describe("<html>");
    assertEquals(Buffer.buffer("{}"), join(discovery.keys()));
  }

  @Test
  void anotherIssuersDocumentIsNotBelieved() {
    issuer.describe(description().put("issuer", issuer.issuer() + "/\nroot").toString());
    String why = failure(discovery.keys());

    assertTrue(why.endsWith("is of the issuer '" + issuer.issuer() + "/?root'"), why);
    issuer.describe(description().put("issuer", issuer.issuer() + "/").toString());
    failure(discovery.keys());
    issuer.describe(description().without("issuer").toString());
    failure(discovery.introspection());
    issuer.describe(description().put("issuer", "x".repeat(100_000)).toString());
    assertTrue(failure(discovery.keys()).length() < 400);
    assertEquals(0, issuer.keyQuestions());
  }

  @Test
  void urlsThatMayNotBeAskedAreNotAsked() {
    issuer.describe(description().put("jwks_uri", "http://login.example/jwks").toString());
    String why = failure(discovery.keys());
    assertTrue(why.contains("names no jwks_uri that may be asked"), why);
    assertTrue(why.endsWith("'http://login.example/jwks'"), why);
    issuer.describe(description().put("jwks_uri", 7).toString());
    failure(discovery.keys());
    issuer.describe(description().put("introspection_endpoint", "file:///etc/passwd").toString());
    join(discovery.keys());
    why = failure(discovery.introspection());
    assertTrue(why.contains("names no introspection_endpoint"), why);
  }

  @Test
  void whatIsNoSuchDocumentIsSaidByItsUrl() {
    issuer.describe("[]");
    String why = failure(discovery.keys());
    assertEquals(Discovery.location(issuer.issuer()) + " is not a JSON object", why);
    why = failure(discovery(issuer.url("/nothing").toString()).keys());
    assertTrue(why.contains("/nothing/.well-known") && why.endsWith("HTTP status 404"), why);
    issuer.describe(" ".repeat(2 << 20));
    why = failure(discovery.keys());
    assertTrue(why.contains("more than"), why);
    issuer.close();
    assertFalse(failure(discovery.keys()).isEmpty());
  }
}
