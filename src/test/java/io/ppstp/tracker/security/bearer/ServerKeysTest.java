package io.ppstp.tracker.security.bearer;

import static io.ppstp.tracker.security.bearer.Bearer.NOW_MS;
import static io.ppstp.tracker.security.bearer.Bearer.assertBad;
import static io.ppstp.tracker.security.bearer.Bearer.claims;
import static io.ppstp.tracker.security.bearer.Bearer.identity;
import static io.ppstp.tracker.security.bearer.Bearer.judged;
import static io.ppstp.tracker.security.bearer.Bearer.rules;
import static io.ppstp.tracker.security.bearer.Bearer.verifier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When a key server is asked, and what works while it cannot be. */
class ServerKeysTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private static IssuerKey first;
  private static IssuerKey second;

  private final Logs.Silence silence = Logs.silence(ServerKeys.class.getName());
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1000);
  private final List<Promise<Buffer>> questions = new ArrayList<>();
  private final ServerKeys keys = new ServerKeys(VERTX, this::question, INTERVAL, nanoTime::get);
  private final JwtVerifier verifier = verifier(keys, rules(), new FakeClock(NOW_MS));

  @BeforeAll
  static void generate() throws Exception {
    first = IssuerKey.generate("first", "ES256");
    second = IssuerKey.generate("second", "ES256");
  }

  @AfterAll
  static void close() {
    VERTX.close();
  }

  @AfterEach
  void speak() {
    silence.close();
  }

  private Future<Buffer> question() {
    Promise<Buffer> question = Promise.promise();
    questions.add(question);
    return question.future();
  }

  private void answer(IssuerKey... set) {
    questions.get(questions.size() - 1).complete(Buffer.buffer(IssuerKey.set(set)));
  }

  private void refuse() {
    questions.get(questions.size() - 1).fail(new IOException("no route to host"));
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private Future<Finding> asked(String token) {
    return verifier.verify(Bearer.present(Jwt.parse(token)));
  }

  /** A signature would take its time, and nobody looks at it without a key. */
  private static String unknown(String keyId) {
    ObjectNode header = Json.object().put("alg", "ES256").put("kid", keyId);
    return IssuerKey.unsigned(header, claims()) + ".AAAA";
  }

  @Test
  void tenThousandUnknownKeysCostOneQuestionPerInterval() {
    keys.lookAgain();
    answer(first);
    List<Future<Finding>> waiting = new ArrayList<>();
    for (int interval = 0; interval < 3; interval++) {
      pass(INTERVAL);
      for (int i = 0; i < 10_000; i++) {
        waiting.add(asked(unknown("unknown-" + interval + "-" + i)));
        if (i == 5000) {
          answer(first);
        }
      }
      assertEquals(2 + interval, questions.size());
    }
    waiting.forEach(it -> assertBad(TokenFault.UNKNOWN_KEY, it.result()));
    System.out.println(
        "ServerKeysTest: 30000 tokens of unknown keys in 3 intervals cost "
            + (questions.size() - 1)
            + " questions to the key server");
  }

  @Test
  void aNewKeyIsFoundWhenItIsUsed() {
    keys.lookAgain();
    answer(first);
    pass(INTERVAL);
    Future<Finding> waiting = asked(second.token(claims()));

    assertFalse(waiting.isComplete());
    answer(first, second);
    identity(waiting.result());
    identity(judged(verifier, first.token(claims())));
  }

  @Test
  void aKeyThatWasTakenBackStopsWorkingAtTheNextLook() {
    keys.lookAgain();
    answer(first);
    String token = first.token(claims());
    identity(judged(verifier, token));
    pass(INTERVAL);
    keys.lookAgain();
    identity(judged(verifier, token));
    answer(second);

    assertBad(TokenFault.UNKNOWN_KEY, judged(verifier, token));
  }

  @Test
  void aKeyUnderAnOldIdReplacesTheOld() {
    keys.lookAgain();
    answer(first);
    String token = first.token(claims());
    identity(judged(verifier, token));
    pass(INTERVAL);
    keys.lookAgain();
    answer(second.named("first"));

    assertBad(TokenFault.SIGNATURE, judged(verifier, token));
    identity(judged(verifier, second.named("first").token(claims())));
  }

  @Test
  void knownKeysWorkWhileTheServerIsAway() {
    keys.lookAgain();
    answer(first);
    for (int i = 0; i < 5; i++) {
      pass(INTERVAL);
      Future<Finding> unknown = asked(second.token(claims()));
      refuse();
      assertBad(TokenFault.UNDECIDED, unknown.result());
      identity(judged(verifier, first.token(claims())));
    }
    assertTrue(keys.isOutdated());
    pass(INTERVAL);
    Future<Finding> found = asked(second.token(claims()));
    answer(first, second);
    identity(found.result());
    assertFalse(keys.isOutdated());
  }

  @Test
  void withoutAnyKeysNobodyCanTell() {
    Future<Finding> one = asked(first.token(claims()));
    Future<Finding> two = asked(second.token(claims()));
    refuse();

    assertBad(TokenFault.UNDECIDED, one.result());
    assertBad(TokenFault.UNDECIDED, two.result());
    assertBad(TokenFault.UNDECIDED, judged(verifier, first.token(claims())));
    assertEquals(1, questions.size());
    assertNull(keys.current());
  }

  @Test
  void aBadAnswerLeavesTheOldKeysInForce() {
    keys.lookAgain();
    answer(first);
    KeySet before = keys.current();
    for (String bad :
        List.of("", "null", "[]", "{}", "{\"keys\":[]}", "{\"keys\":[7]}", "<html>")) {
      pass(INTERVAL);
      keys.lookAgain();
      questions.get(questions.size() - 1).complete(Buffer.buffer(bad));
      assertTrue(keys.isOutdated(), bad);
      assertSame(before, keys.current(), bad);
    }
    pass(INTERVAL);
    keys.lookAgain();
    answer(first);
    assertFalse(keys.isOutdated());
    assertSame(before, keys.current());
  }
}
