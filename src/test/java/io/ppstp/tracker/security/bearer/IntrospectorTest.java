package io.ppstp.tracker.security.bearer;

import static io.ppstp.tracker.security.bearer.Bearer.NOW_MS;
import static io.ppstp.tracker.security.bearer.Bearer.assertBad;
import static io.ppstp.tracker.security.bearer.Bearer.claims;
import static io.ppstp.tracker.security.bearer.Bearer.identity;
import static io.ppstp.tracker.security.bearer.Bearer.rules;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the issuer is asked about opaque tokens, and what becomes of its answers. */
class IntrospectorTest {
  private final Logs.Silence silence = Logs.silence(Introspector.class.getName());
  private final FakeClock clock = new FakeClock(NOW_MS);
  private final List<String> asked = new ArrayList<>();
  private final List<Promise<Buffer>> questions = new ArrayList<>();
  private final Introspector introspector =
      new Introspector(this::question, new ClaimsCheck(rules("ppstp"), clock), clock);

  @AfterEach
  void speak() {
    silence.close();
  }

  private Future<Buffer> question(String token) {
    Promise<Buffer> question = Promise.promise();
    asked.add(token);
    questions.add(question);
    return question.future();
  }

  private void answer(String json) {
    questions.get(questions.size() - 1).complete(Buffer.buffer(json));
  }

  private Finding answered(Consumer<ObjectNode> change) {
    ObjectNode response = claims().put("active", true);
    change.accept(response);
    Future<Finding> finding = introspector.ask("token-" + questions.size(), "client");
    answer(response.toString());
    return finding.result();
  }

  @Test
  void anActiveTokenSpeaksForItsSubject() {
    assertEquals("alice", identity(answered(it -> {})).name());
    identity(answered(it -> it.remove(List.of("iss", "exp", "iat"))));
  }

  @Test
  void nothingElsePasses() {
    assertBad(TokenFault.INACTIVE, answered(it -> it.put("active", false)));
    assertBad(TokenFault.INACTIVE, answered(it -> it.put("active", "true")));
    assertBad(TokenFault.INACTIVE, answered(it -> it.remove("active")));
    assertBad(TokenFault.ISSUER, answered(it -> it.put("iss", "other")));
    assertBad(TokenFault.ISSUER, answered(it -> it.putNull("iss")));
    assertBad(TokenFault.AUDIENCE, answered(it -> it.remove("aud")));
    assertBad(TokenFault.EXPIRED, answered(it -> it.put("exp", NOW_MS / 1000 - 30)));
    assertBad(TokenFault.EARLY, answered(it -> it.put("nbf", NOW_MS / 1000 + 31)));
    assertBad(TokenFault.NOBODY, answered(it -> it.remove("sub")));
    assertBad(TokenFault.SCOPE, answered(it -> it.put("scope", "other")));
  }

  @Test
  void manyRequestsWithOneTokenShareOneQuestion() {
    List<Future<Finding>> waiting = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      waiting.add(introspector.ask("shared", "client"));
    }
    answer(claims().put("active", true).toString());

    waiting.forEach(it -> identity(it.result()));
    identity(introspector.ask("shared", "client").result());
    assertEquals(List.of("shared"), asked);
  }

  @Test
  void anAnswerIsKeptForHalfAMinuteAndNotBeyondTheExpiry() {
    introspector.ask("good", "client");
    answer(claims().put("active", true).toString());
    introspector.ask("bad", "client");
    answer("{\"active\":false}");
    introspector.ask("short", "client");
    answer(claims().put("active", true).put("exp", NOW_MS / 1000 - 20).toString());

    clock.advance(9_999);
    identity(introspector.ask("short", "client").result());
    clock.advance(1);
    assertFalse(introspector.ask("short", "client").isComplete());
    clock.advance(19_999);
    identity(introspector.ask("good", "client").result());
    assertBad(TokenFault.INACTIVE, introspector.ask("bad", "client").result());
    clock.advance(1);
    assertFalse(introspector.ask("good", "client").isComplete());
    assertFalse(introspector.ask("bad", "client").isComplete());
    assertEquals(List.of("good", "bad", "short", "short", "good", "bad"), asked);
  }

  @Test
  void aTokenThatWasGoodOnceIsNoGuessWhenItEnds() {
    introspector.ask("good", "client");
    answer(claims().put("active", true).toString());
    clock.advance(30_000);
    Future<Finding> ended = introspector.ask("good", "client");
    answer("{\"active\":false}");
    assertBad(TokenFault.ENDED, ended.result());
    assertTrue(TokenFault.ENDED.isOutdated());
    assertFalse(TokenFault.INACTIVE.isOutdated());
  }

  @Test
  void whileTheServerIsAwayNobodyCanTell() {
    for (String garbage : List.of("", "null", "[]", "<html>", "\"active\"")) {
      Future<Finding> finding = introspector.ask("t", "client");
      answer(garbage);
      assertBad(TokenFault.UNDECIDED, finding.result());
    }
    Future<Finding> finding = introspector.ask("t", "client");
    questions.get(questions.size() - 1).fail(new IOException("HTTP status 500"));
    assertBad(TokenFault.UNDECIDED, finding.result());
    finding = introspector.ask("t", "client");
    answer(claims().put("active", true).toString());
    identity(finding.result());
  }

  @Test
  void onlySoManyQuestionsAreAskedAtATime() {
    for (int i = 0; i < 256; i++) {
      assertFalse(introspector.ask("flood-" + i, "client " + i).isComplete());
    }
    assertBad(TokenFault.UNDECIDED, introspector.ask("one more", "another").result());
    answer("{\"active\":false}");
    assertFalse(introspector.ask("one more", "another").isComplete());
  }

  @Test
  void oneClientLeavesRoomForOthers() {
    int waiting = 0;
    for (int i = 0; i < 256; i++) {
      waiting += introspector.ask("flood-" + i, "flooder").isComplete() ? 0 : 1;
    }
    assertEquals(52, waiting);
    assertFalse(introspector.ask("flood-0", "flooder").isComplete(), "shared, not asked again");
    for (int i = 0; i < 200; i++) {
      assertFalse(introspector.ask("good-" + i, "viewer " + i).isComplete());
    }
    questions.forEach(question -> question.complete(Buffer.buffer("{\"active\":false}")));
    assertFalse(introspector.ask("flood-more", "flooder").isComplete(), "places come back");
  }

  @Test
  void aFloodOfBadTokensLeavesTheGoodOnesKnown() {
    introspector.ask("good", "client");
    answer(claims().put("active", true).toString());
    for (int i = 0; i < 2 * TokenCache.MOST; i++) {
      introspector.ask("bad-" + i, "client");
      answer("{\"active\":false}");
    }
    int before = asked.size();

    identity(introspector.ask("good", "client").result());
    assertEquals(before, asked.size());
  }
}
