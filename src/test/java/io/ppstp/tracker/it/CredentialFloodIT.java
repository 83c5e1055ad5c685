package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.DigestClient;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.Vitals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad credentials of every kind from many addresses, while a good peer goes on being served. */
class CredentialFloodIT {
  private static final int ATTACKERS = 60;
  private static final int REQUESTS_EACH = 200;

  /** Three of five requests are guesses, so 200 of them bring over 50 in practice always. */
  private static final int FAILURES = 50;

  private static final Message FIND = Message.find("alice", "f", "live");

  @TempDir private Path folder = Path.of("set by JUnit");

  private final SplittableRandom random = Seeds.random();
  private int withoutCredentials;

  private static String good(IssuerKey key) {
    return token(key, 600);
  }

  private static String token(IssuerKey key, int secondsToLive) {
    return "Bearer "
        + key.token(
            Json.object()
                .put("iss", "us")
                .put("aud", "tracker")
                .put("sub", "alice")
                .put("exp", System.currentTimeMillis() / 1000 + secondsToLive));
  }

  private TrackerProcess start(IssuerKey key) throws Exception {
    TrackerProcess.bare()
        .arguments("account", "add", "--accounts", folder.resolve("accounts").toString(), "bob")
        .input("a password\n")
        .run();
    return TrackerProcess.onFreePorts()
        .set("auth.digest.accounts", folder.resolve("accounts"))
        .set("auth.bearer.issuer", "us")
        .set("auth.bearer.audience", "tracker")
        .set("auth.bearer.jwks", Files.writeString(folder.resolve("jwks"), IssuerKey.set(key)))
        .set("limits.exempt", "")
        .set("limits.lock-out.failures", FAILURES)
        .set("limits.lock-out.duration", "2m")
        .start();
  }

  /** Something that looks like credentials, and a request without any now and then. */
  private String[] badCredentials(String challenge, IssuerKey foreign) {
    return switch (random.nextInt(5)) {
      case 0 -> {
        withoutCredentials++;
        yield new String[0];
      }
      case 1 -> authorization("Bearer " + Long.toHexString(random.nextLong()).repeat(20));
      case 2 -> authorization(good(foreign));
      case 3 -> authorization(new DigestClient("bob", "wrong").challenged(challenge).next());
      default ->
          authorization(
              new DigestClient("bob", "a password")
                  .challenged(challenge)
                  .nonce(Long.toHexString(random.nextLong()))
                  .next());
    };
  }

  private static String[] authorization(String value) {
    return new String[] {"Authorization: " + value};
  }

  @Test
  void badCredentialsCostNothingThatStaysAndLockTheirSendersOut() throws Exception {
    IssuerKey key = IssuerKey.generate("one", "RS256");
    IssuerKey foreign = IssuerKey.generate("one", "RS256");
    try (TrackerProcess tracker = start(key)) {
      String token = good(key);
      try (RawConnection peer = RawConnection.to(tracker.http())) {
        peer.post(Message.connect("alice", "1").joinAsLeech("live").bytes(), authorization(token));
        peer.receive().expectSuccess();
        List<Long> tookNs = new ArrayList<>();
        fromEveryAddress(tracker, token);
        Map<Integer, Integer> judged = flood(tracker, foreign, peer, token, tookNs);
        System.out.println("CredentialFloodIT: statuses until all are locked out: " + judged);
        assertTrue(judged.getOrDefault(401, 0) >= ATTACKERS * FAILURES, "judged one by one");
        Vitals before = Vitals.of(tracker);
        long linesBefore = auditLines(tracker);

        long startNs = System.nanoTime();
        withoutCredentials = 0;
        Map<Integer, Integer> statuses = flood(tracker, foreign, peer, token, tookNs);
        double seconds = (System.nanoTime() - startNs) / 1e9;

        Vitals.assertFlat("CredentialFloodIT", tracker, before);
        report(statuses, seconds, tookNs, auditLines(tracker) - linesBefore);
        assertEquals(Set.of(401, 503), statuses.keySet());
        int lookedAt = statuses.getOrDefault(401, 0) - withoutCredentials;
        assertTrue(lookedAt >= 0, "a challenge for whoever brings nothing: " + statuses);
        assertTrue(lookedAt <= ATTACKERS * FAILURES, "the rest is locked out: " + lookedAt);
        fromEveryAddress(tracker, token);
        assertTrue(auditLines(tracker) - linesBefore < 30 * (seconds + 1), "a bounded log");
      }
      assertTrue(
          tracker.log().stream().anyMatch(line -> line.contains("audit: locked out 127.0.3.")));
      assertEquals(List.of(), tracker.errors());
      assertTrue(tracker.log().stream().noneMatch(line -> line.contains(token.substring(7))));
    }
  }

  /** The good peer is served from all addresses, whoever guesses there too. */
  private static void fromEveryAddress(TrackerProcess tracker, String token) throws Exception {
    for (int i = 1; i <= ATTACKERS; i++) {
      try (RawConnection neighbour = RawConnection.from("127.0.3." + i, tracker.http())) {
        neighbour.post(FIND.bytes(), authorization(token));
        neighbour.receive().expectSuccess();
      }
    }
  }

  @Test
  void whatIsExpiredIsNoAttack() throws Exception {
    IssuerKey key = IssuerKey.generate("one", "RS256");
    IssuerKey unknown = IssuerKey.generate("two", "RS256");
    try (TrackerProcess tracker = start(key)) {
      try (RawConnection late = RawConnection.from("127.0.4.1", tracker.http())) {
        for (int i = 0; i < 2 * FAILURES; i++) {
          late.post(FIND.bytes(), authorization(token(key, -600)));
          late.receive().expect(401, 6);
          late.post(FIND.bytes(), authorization(good(unknown)));
          late.receive().expect(401, 6);
        }
        byte[] join = Message.connect("alice", "1").joinAsLeech("live").bytes();
        late.post(join, authorization(good(key)));
        late.receive().expectSuccess();
      }
      assertEquals(List.of(), tracker.errors());
      assertTrue(tracker.log().stream().noneMatch(line -> line.contains("locked out")));
    }
  }

  private Map<Integer, Integer> flood(
      TrackerProcess tracker, IssuerKey foreign, RawConnection peer, String token, List<Long> took)
      throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 1; i <= ATTACKERS; i++) {
      try (RawConnection attacker = RawConnection.from("127.0.3." + i, tracker.http())) {
        withoutCredentials++;
        attacker.post(FIND.bytes());
        Reply first = attacker.receive();
        String challenge =
            first.status() == 401
                ? first.header("www-authenticate")
                : "Digest realm=\"ppstp-tracker\", nonce=\"x\", qop=\"auth\", algorithm=SHA-256";
        statuses.merge(first.status(), 1, Integer::sum);
        for (int j = 1; j < REQUESTS_EACH; j++) {
          attacker.post(FIND.bytes(), badCredentials(challenge, foreign));
          statuses.merge(attacker.receive().status(), 1, Integer::sum);
        }
      }
      long startNs = System.nanoTime();
      peer.post(FIND.bytes(), authorization(token));
      peer.receive().expectSuccess();
      took.add(System.nanoTime() - startNs);
    }
    return statuses;
  }

  private static long auditLines(TrackerProcess tracker) {
    return tracker.log().stream().filter(line -> line.contains(" audit: ")).count();
  }

  private static void report(
      Map<Integer, Integer> statuses, double seconds, List<Long> tookNs, long lines) {
    List<Long> sorted = tookNs.stream().sorted().toList();
    System.out.printf(
        "CredentialFloodIT: statuses %s in %.1f s, %d audit lines; good peer p50 %.2f ms, most"
            + " %.2f ms%n",
        statuses,
        seconds,
        lines,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() - 1) / 1e6);
  }
}
