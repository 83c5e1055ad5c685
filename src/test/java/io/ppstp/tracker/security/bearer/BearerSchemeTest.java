package io.ppstp.tracker.security.bearer;

import static io.ppstp.tracker.security.bearer.Bearer.NOW_MS;
import static io.ppstp.tracker.security.bearer.Bearer.claims;
import static io.ppstp.tracker.security.bearer.Bearer.fixed;
import static io.ppstp.tracker.security.bearer.Bearer.keys;
import static io.ppstp.tracker.security.bearer.Bearer.rules;
import static io.ppstp.tracker.security.bearer.Bearer.verifier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to which Authorization field (RFC 6750, Section 3). */
class BearerSchemeTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String REALM = "Bearer realm=\"ppstp-tracker\"";

  private static IssuerKey key;

  private final FakeClock clock = new FakeClock(NOW_MS);
  private final BearerScheme scheme = scheme(Optional.empty());

  @BeforeAll
  static void generate() throws Exception {
    key = IssuerKey.generate("key", "ES256");
  }

  @AfterAll
  static void close() {
    VERTX.close();
  }

  private BearerScheme scheme(Optional<Introspector> introspector) {
    try {
      return new BearerScheme(
          VERTX,
          Optional.of(verifier(fixed(keys(VERTX, key)), rules("ppstp", "live"), clock)),
          introspector,
          List.of("ppstp", "live"),
          Audit.NONE,
          List.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static AuthAttempt attempt(@Nullable String authorization) {
    IpAddress client = Bearer.present(IpAddress.parse("192.0.2.1"));
    return new AuthAttempt("POST", "/", authorization, new byte[0], null, client);
  }

  private Verdict judged(String authorization) {
    assertTrue(scheme.claims(attempt(authorization)));
    return Await.result(scheme.judge(attempt(authorization)));
  }

  @Test
  void withoutATokenNoErrorIsNamed() {
    assertEquals(List.of(REALM), scheme.challenges());
    assertFalse(scheme.claims(attempt(null)));
    assertFalse(scheme.claims(attempt("Basic YTpi")));
    assertFalse(scheme.claims(attempt("BearerFactory x")));
  }

  @Test
  void aGoodTokenLetsIn() {
    String token = key.token(claims().put("scope", "live ppstp"));

    assertTrue(judged("Bearer " + token).authState().isAuthenticated());
    assertTrue(judged("bEARER   " + token).authState().isAuthenticated());
    assertEquals(List.of(), judged("Bearer " + token).challenges());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer \"a\"",
        "Bearer a,b",
        "Bearer token=\"a\"",
        "Bearer =",
        "Bearer a=b",
        "Bearer \u00e9",
        "Bearer a\u0000"
      })
  void whatIsNoTokenIsABadRequest(String authorization) {
    assertEquals(
        Verdict.denied(
            ErrorCode.BAD_REQUEST,
            List.of(
                REALM
                    + ", error=\"invalid_request\""
                    + ", error_description=\"the Authorization field is malformed\"")),
        judged(authorization));
  }

  @Test
  void aBadTokenIsNamedInvalid() {
    assertEquals(
        Verdict.outdated(
            List.of(
                REALM + ", error=\"invalid_token\"" + ", error_description=\"the token expired\"")),
        judged("Bearer " + key.token(claims().put("exp", 1))));
    assertEquals(
        List.of(
            REALM
                + ", error=\"invalid_token\""
                + ", error_description=\"the token cannot be read\""),
        judged("Bearer abc").challenges());
  }

  @Test
  void onlyWhatCanBeAGuessIsOne() throws Exception {
    IssuerKey unknown = IssuerKey.generate("unknown", "ES256");
    IssuerKey forged = IssuerKey.generate("key", "ES256");
    assertTrue(judged("Bearer " + key.token(claims().put("exp", 1))).outdated());
    assertTrue(judged("Bearer " + key.token(claims().put("nbf", NOW_MS / 1000 + 900))).outdated());
    assertTrue(judged("Bearer " + unknown.token(claims())).outdated());
    assertFalse(judged("Bearer " + forged.token(claims())).outdated());
    assertFalse(judged("Bearer abc").outdated());
  }

  @Test
  void anAccountIsKnownByItsToken() {
    String one = key.token(claims());
    String other = key.token(claims().put("sub", "bob"));
    assertEquals(
        scheme.account(attempt("Bearer " + one)), scheme.account(attempt("bearer  " + one)));
    assertNotEquals(
        scheme.account(attempt("Bearer " + one)), scheme.account(attempt("Bearer " + other)));
    assertEquals("Bearer", scheme.account(attempt("Bearer")));
  }

  @Test
  void aMissingScopeIsNamed() {
    assertEquals(
        Verdict.denied(
            ErrorCode.FORBIDDEN_ACTION,
            List.of(
                REALM
                    + ", error=\"insufficient_scope\""
                    + ", error_description=\"the token lacks a scope\""
                    + ", scope=\"ppstp live\"")),
        judged("Bearer " + key.token(claims())));
  }

  @ParameterizedTest
  @EnumSource(TokenFault.class)
  void whatClientsAreToldIsWithinTheirAlphabet(TokenFault fault) {
    assertTrue(fault.description().matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+"));
  }

  @Test
  void garbageGetsAnAnswerToo() {
    SplittableRandom random = Seeds.random();
    for (int i = 0; i < 10_000; i++) {
      StringBuilder token = new StringBuilder("Bearer ");
      for (int length = random.nextInt(200); length > 0; length--) {
        token.append(random.nextInt(8) == 0 ? '.' : (char) random.nextInt(0x2D, 0x7B));
      }
      assertFalse(judged(token.toString()).authState().isAuthenticated());
    }
  }

  @Test
  void anAnswerFromElsewhereComesToTheCallersContext() throws Exception {
    Promise<Buffer> answer = Promise.promise();
    BearerScheme asking =
        scheme(
            Optional.of(
                new Introspector(
                    token -> answer.future(), new ClaimsCheck(rules(), clock), clock)));
    Context context = VERTX.getOrCreateContext();
    Promise<Context> seen = Promise.promise();
    context.runOnContext(
        go -> {
          Future<Verdict> verdict = asking.judge(attempt("Bearer opaque"));
          verdict.onSuccess(
              it -> {
                assertTrue(it.authState().isAuthenticated());
                seen.complete(Vertx.currentContext());
              });
          new Thread(() -> answer.complete(Buffer.buffer(claims().put("active", true).toString())))
              .start();
        });

    assertSame(context, Await.result(seen.future()));
  }
}
