package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.IssuerServer;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bearer tokens at the running tracker, with an issuer that publishes its keys over HTTP. */
class BearerIT {
  private static final String ISSUER = "https://login.example/";
  private static final int BAD_PAIRS = 1500;

  /** The default of auth.bearer.refresh. */
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private static IssuerKey key;
  private static IssuerKey next;

  private final Path folder;
  private final IssuerServer issuer = IssuerServer.start();

  BearerIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
  }

  @BeforeAll
  static void generate() throws Exception {
    key = IssuerKey.generate("one", "RS256");
    next = IssuerKey.generate("two", "ES256");
  }

  @BeforeEach
  void publish() {
    issuer.publish(key);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private TrackerProcess.Builder tracker() {
    return TrackerProcess.onFreePorts()
        .set("auth.bearer.issuer", ISSUER)
        .set("auth.bearer.audience", "tracker")
        .set("auth.bearer.scope", "ppstp")
        .set("auth.bearer.swarms-claim", "swarms");
  }

  private TrackerProcess.Builder trackerWithKeyServer() {
    return tracker().set("auth.bearer.jwks", issuer.url("/jwks"));
  }

  private static ObjectNode claims(String subject) {
    return Json.object()
        .put("iss", ISSUER)
        .put("aud", "tracker")
        .put("sub", subject)
        .put("scope", "ppstp")
        .put("swarms", "live-*")
        .put("exp", System.currentTimeMillis() / 1000 + 300);
  }

  /** Claims of the issuer that runs here. */
  private ObjectNode own(String subject) {
    return claims(subject).put("iss", issuer.issuer());
  }

  private static Message join(String peer, String swarm) {
    return Message.connect(peer, "t").address("192.0.2.1", 4000).joinAsLeech(swarm);
  }

  private static Reply post(TrackerProcess tracker, String token, Message message)
      throws Exception {
    PpstpClient client = tracker.client();
    return client.send(
        client.request("/", message.bytes()).header("Authorization", "Bearer " + token).build());
  }

  private static String challenge(Reply reply) {
    return reply.header("www-authenticate");
  }

  @Test
  void aTokenBindsPeerIdAndSwarms() throws Exception {
    try (TrackerProcess tracker = trackerWithKeyServer().start()) {
      String token = key.token(claims("alice"));

      post(tracker, token, join("alice", "live-1")).expectSuccess();
      post(tracker, token, Message.find("alice", "f", "live-1")).expectSuccess();
      post(tracker, token, Message.statReport("alice", "s", "live-1")).expectSuccess();
      post(tracker, token, join("bob", "live-1")).expect(403, 3);
      post(tracker, token, join("alice", "vod-1")).expect(403, 3);
      post(tracker, token, Message.statReport("alice", "s", "live-1", "x")).expect(403, 3);
      assertEquals(1, tracker.management().held().peers());
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void whoBringsNoGoodTokenIsToldWhy() throws Exception {
    try (TrackerProcess tracker = trackerWithKeyServer().start()) {
      Message find = Message.find("alice", "f", "live-1");
      Reply none = tracker.client().post(find).expect(401, 6);
      Reply expired = post(tracker, key.token(claims("alice").put("exp", 1)), find);
      Reply unscoped = post(tracker, key.token(claims("alice").put("scope", "x")), find);
      Reply malformed = post(tracker, "a b", find);

      assertEquals("f", none.transactionId());
      assertEquals("Bearer realm=\"ppstp-tracker\"", challenge(none));
      expired.expect(401, 6);
      assertEquals(
          "Bearer realm=\"ppstp-tracker\", error=\"invalid_token\","
              + " error_description=\"the token expired\"",
          challenge(expired));
      unscoped.expect(403, 3);
      assertTrue(
          challenge(unscoped).contains("error=\"insufficient_scope\"")
              && challenge(unscoped).endsWith(", scope=\"ppstp\""),
          challenge(unscoped));
      malformed.expect(400, 1);
      assertTrue(challenge(malformed).contains("error=\"invalid_request\""), challenge(malformed));
    }
  }

  @Test
  void speaksWithCurl() throws Exception {
    assumeTrue(Commands.has("curl"), "skipped: this machine has no curl");
    try (TrackerProcess tracker = trackerWithKeyServer().start()) {
      Path body = Files.write(folder.resolve("body"), join("alice", "live-1").bytes());
      String token = key.token(claims("alice"));

      assertEquals("200", curl(tracker, body, "--oauth2-bearer", token));
      assertEquals("200", curl(tracker, body, "--header", "Authorization: bearer " + token));
      assertEquals("401", curl(tracker, body, "--oauth2-bearer", token + "A"));
      assertEquals("401", curl(tracker, body, "--user", "alice:secret", "--basic"));
      assertEquals("401", curl(tracker, body));
    }
  }

  private String curl(TrackerProcess tracker, Path body, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--show-error",
                "--header",
                "Content-Type: " + Reply.MEDIA_TYPE,
                "--data-binary",
                "@" + body,
                "--output",
                folder.resolve("answer").toString(),
                "--write-out",
                "%{http_code}"));
    command.addAll(List.of(options));
    command.add(tracker.http().toString());
    return Commands.run(command.toArray(String[]::new));
  }

  /** A look at the key server that is under way already may still bring the old keys. */
  private static void awaitSuccess(TrackerProcess tracker, String token, Message message)
      throws Exception {
    Await.until(
        "the new keys",
        Duration.ofSeconds(30),
        () -> post(tracker, token, message).status() == 200);
  }

  @Test
  void keysRotateWithoutARestart() throws Exception {
    try (TrackerProcess tracker =
        trackerWithKeyServer().set("auth.bearer.refresh", "1ms").start()) {
      post(tracker, key.token(claims("alice")), join("alice", "live-1")).expectSuccess();
      issuer.publish(next);
      awaitSuccess(tracker, next.token(claims("bob")), join("bob", "live-1"));
      post(tracker, key.token(claims("alice")), join("alice", "live-1")).expect(401, 6);
    }
  }

  @Test
  void aFloodOfGarbageTroublesNeitherTheKeyServerNorGoodPeers() throws Exception {
    SplittableRandom random = Seeds.random();
    try (TrackerProcess tracker = trackerWithKeyServer().start()) {
      PpstpClient client = tracker.client();
      String good = key.token(claims("alice"));
      Message find = Message.find("alice", "f", "live-1");
      int before = issuer.keyQuestions();
      long startNs = System.nanoTime();
      for (int i = 0; i < BAD_PAIRS; i++) {
        String unknown = next.named("k" + random.nextLong()).token(claims("alice"));
        String broken = good.substring(0, random.nextInt(1, good.length()));
        for (String bad : List.of(unknown, broken)) {
          client
              .send(
                  client
                      .request("/", find.bytes())
                      .header("Authorization", "Bearer " + bad)
                      .build())
              .expect(401, 6);
        }
      }
      post(tracker, good, join("alice", "live-1")).expectSuccess();
      int questions = issuer.keyQuestions() - before;

      System.out.println(
          "BearerIT: "
              + 2 * BAD_PAIRS
              + " bad tokens, "
              + questions
              + " questions to the key server, "
              + tracker.log().size()
              + " log lines");
      long intervals = 1 + (System.nanoTime() - startNs) / REFRESH.toNanos();
      assertTrue(questions <= intervals, "questions: " + questions);
      assertEquals(List.of(), tracker.errors());
      String log = String.join("\n", tracker.log());
      assertTrue(log.contains("refused 127.0.0.1 by bearer: the signing key is unknown"), log);
      assertFalse(log.contains(good.substring(0, 30)), "a token is in the log");
    }
  }

  @Test
  void knownKeysWorkWithoutTheKeyServer() throws Exception {
    try (TrackerProcess tracker =
        trackerWithKeyServer().set("auth.bearer.refresh", "1ms").start()) {
      issuer.close();
      post(tracker, next.token(claims("bob")), join("bob", "live-1")).expect(503, 5);
      post(tracker, key.token(claims("alice")), join("alice", "live-1")).expectSuccess();
      assertEquals(List.of(), tracker.errors());
    }
  }

  @Test
  void startsWithoutTheKeyServerAndFindsItLater() throws Exception {
    for (String path : List.of("/nothing", "/endless", "/moved")) {
      try (TrackerProcess tracker = tracker().set("auth.bearer.jwks", issuer.url(path)).start()) {
        post(tracker, key.token(claims("alice")), join("alice", "live-1")).expect(503, 5);
        tracker.client().post(join("alice", "live-1")).expect(401, 6);
        assertEquals(List.of(), tracker.errors());
      }
    }
    issuer.publish();
    try (TrackerProcess tracker =
        trackerWithKeyServer().set("auth.bearer.refresh", "1ms").start()) {
      post(tracker, key.token(claims("alice")), join("alice", "live-1")).expect(503, 5);
      issuer.publish(key);
      awaitSuccess(tracker, key.token(claims("alice")), join("alice", "live-1"));
    }
  }

  @Test
  void aFileOfKeysWillDoAndHasToBeGood() throws Exception {
    Path file = Files.writeString(folder.resolve("jwks.json"), IssuerKey.set(key, next));
    try (TrackerProcess tracker = tracker().set("auth.bearer.jwks", file).start()) {
      post(tracker, next.token(claims("bob")), join("bob", "live-1")).expectSuccess();
      post(tracker, next.named("three").token(claims("bob")), join("bob", "live-1")).expect(401, 6);
    }
    Files.writeString(file, "{}");
    TrackerProcess.Finished refused = tracker().set("auth.bearer.jwks", file).run();
    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().contains("'" + file + "' is of no use"), refused.err());
  }

  /** Where its keys are and where to ask is what it says itself. */
  @Test
  void theIssuersNameIsEnoughToAskAboutOpaqueTokensToo() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a secret\n");
    Map<String, String> known =
        Map.of("opaque", own("alice").put("active", true).toString(), "old", "{\"active\":false}");
    issuer.know(token -> known.getOrDefault(token, "{\"active\":false}"));
    try (TrackerProcess tracker =
        tracker()
            .set("auth.bearer.issuer", issuer.issuer())
            .set("auth.bearer.client-id", "tracker/1")
            .set("auth.bearer.client-secret", secret)
            .start()) {
      for (int i = 0; i < 5; i++) {
        post(tracker, "opaque", join("alice", "live-1")).expectSuccess();
        assertTrue(challenge(post(tracker, "old", join("a", "b"))).contains("not active"));
      }
      post(tracker, "opaque", join("bob", "live-1")).expect(403, 3);
      post(tracker, key.token(own("carol")), join("carol", "live-1")).expectSuccess();
      post(tracker, key.token(claims("carol")), join("carol", "live-1")).expect(401, 6);
      assertEquals(List.of("opaque", "old"), issuer.introspected());

      issuer.close();
      post(tracker, "unheard-of", join("bob", "live-1")).expect(503, 5);
      post(tracker, "opaque", join("alice", "live-1")).expectSuccess();
      assertEquals(List.of(), tracker.errors());
      assertFalse(String.join("\n", tracker.log()).contains("unheard-of"));
    }
  }

  @Test
  void stopsInGoodTimeThoughTheIssuerIsSilent() throws Exception {
    try (TrackerProcess tracker = trackerWithKeyServer().start()) {
      tracker.terminate();
      assertEquals(0, tracker.exitCode(Duration.ofSeconds(30)));
    }
  }
}
