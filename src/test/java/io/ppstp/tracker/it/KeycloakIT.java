package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Keycloak;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bearer tokens of a real authorization server, from issue to expiry. */
class KeycloakIT {
  private static final Message JOIN =
      Message.connect("viewer-1", "t").address("192.0.2.1", 4000).joinAsLeech("live-1");

  /** Beyond the lifespan of 5 seconds and half a minute of grace. */
  private static final Duration UNTIL_EXPIRED = Duration.ofSeconds(60);

  private final Path folder;

  KeycloakIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void tokensAreAcceptedAsLongAsTheyAreGood() throws Exception {
    Optional<Path> home = Keycloak.unpackedIn(Path.of("target", "keycloak"));
    assumeTrue(home.isPresent(), "skipped: the build has not unpacked a Keycloak in target");
    assumeTrue(Commands.has("setsid"), "skipped: this machine has no setsid");
    assumeTrue(Commands.has("bash"), "skipped: this machine has no bash");
    long began = System.nanoTime();
    try (Keycloak keycloak = Keycloak.start(home.orElseThrow(), folder.resolve("keycloak.log"));
        TrackerProcess byName = byName(keycloak);
        TrackerProcess byAsking = byAsking(keycloak)) {
      System.out.println(
          "KeycloakIT: Keycloak and two trackers started in "
              + Duration.ofNanos(System.nanoTime() - began).toSeconds()
              + " s");
      String hasty = keycloak.token("hasty");
      assertGood(byName, hasty);
      assertGood(byAsking, keycloak.token("viewer"));
      bindsThePeerId(byName, keycloak);
      refusesTokensForOthers(List.of(byName, byAsking), keycloak);
      noticesWhatIsTakenBack(byAsking, keycloak);
      String rotated = followsTheRotation(byName, keycloak);
      expires(byName, hasty);
      expires(byAsking, hasty);

      String unheardOf = keycloak.token("viewer");
      keycloak.stop();
      assertGood(byName, rotated);
      assertGood(byName, unheardOf);
      post(byAsking, unheardOf, JOIN).expect(503, 5);
      assertEquals(List.of(), byName.errors());
      assertEquals(List.of(), byAsking.errors());
    }
  }

  private static TrackerProcess.Builder tracker(Keycloak keycloak) {
    return TrackerProcess.onFreePorts()
        .set("auth.bearer.issuer", keycloak.issuer())
        .set("auth.bearer.scope", "ppstp")
        .set("auth.bearer.peer-id-claim", "peer_id")
        .set("auth.bearer.refresh", "500ms");
  }

  /** One that discovers where the keys are, and is told of no URL but the issuer's. */
  private static TrackerProcess byName(Keycloak keycloak) {
    return tracker(keycloak).start();
  }

  private TrackerProcess byAsking(Keycloak keycloak) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "tracker-secret");
    return tracker(keycloak)
        .set("auth.bearer.introspection", keycloak.endpoint("token/introspect"))
        .set("auth.bearer.client-id", "ppstp-tracker")
        .set("auth.bearer.client-secret", secret)
        .start();
  }

  private static Reply post(TrackerProcess tracker, String token, Message message)
      throws Exception {
    PpstpClient client = tracker.client();
    return client.send(
        client.request("/", message.bytes()).header("Authorization", "Bearer " + token).build());
  }

  private static void assertGood(TrackerProcess tracker, String token) throws Exception {
    post(tracker, token, JOIN).expectSuccess();
  }

  private static void assertRefused(TrackerProcess tracker, String token, String why)
      throws Exception {
    Reply reply = post(tracker, token, JOIN).expect(401, 6);
    assertTrue(reply.header("www-authenticate").contains(why), reply::toString);
  }

  private static void bindsThePeerId(TrackerProcess tracker, Keycloak keycloak) throws Exception {
    Message foreign = Message.connect("viewer-2", "t").joinAsLeech("live-1");
    post(tracker, keycloak.token("viewer"), foreign).expect(403, 3);
  }

  private static void refusesTokensForOthers(List<TrackerProcess> trackers, Keycloak keycloak)
      throws Exception {
    String shopping = keycloak.token("shopper");
    assertRefused(trackers.get(0), shopping, "another audience");
    // Keycloak may call a token inactive for a client that it is not for.
    post(trackers.get(1), shopping, JOIN).expect(401, 6);
  }

  private static void noticesWhatIsTakenBack(TrackerProcess tracker, Keycloak keycloak)
      throws Exception {
    String token = keycloak.token("viewer");
    keycloak.revoke("viewer", token);
    assertRefused(tracker, token, "not active");
  }

  /** Returns a token of the new key. */
  private static String followsTheRotation(TrackerProcess tracker, Keycloak keycloak)
      throws Exception {
    String old = keycloak.token("viewer");
    assertGood(tracker, old);
    keycloak.addSigningKey();
    String rotated = keycloak.token("viewer");
    assertNotEquals(header(old), header(rotated), "the key IDs");
    // A look at the keys just before, and the next one has to wait for auth.bearer.refresh.
    Await.until(
        "the new key", Duration.ofSeconds(60), () -> post(tracker, rotated, JOIN).status() == 200);
    assertGood(tracker, old);
    keycloak.removeOldSigningKey();
    Await.until(
        "the removed key to stop working",
        Duration.ofSeconds(60),
        () -> post(tracker, old, JOIN).status() == 401);
    assertRefused(tracker, old, "the signing key is unknown");
    assertGood(tracker, rotated);
    return rotated;
  }

  private static String header(String token) {
    return token.substring(0, token.indexOf('.'));
  }

  private static void expires(TrackerProcess tracker, String token) throws Exception {
    Await.until(
        "a token to expire", UNTIL_EXPIRED, () -> post(tracker, token, JOIN).status() == 401);
  }
}
