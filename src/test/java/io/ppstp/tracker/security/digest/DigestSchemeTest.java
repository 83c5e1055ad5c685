package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestAuthentication.DigestRules;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.DigestClient;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.LiveHeap;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Future;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import javax.management.JMException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in with Digest, who is not, and what either is told. */
class DigestSchemeTest {
  private static final String REALM = "ppstp-tracker";
  private static final String NAME = "J\u00e4s\u00f8n \"D\" Doe";
  private static final String PASSWORD = "Secret, or not? \u20ac";
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final byte[] BODY = "the body".getBytes(UTF_8);
  private static final IpAddress CLIENT = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));

  private final SplittableRandom random = Seeds.random();
  private final FakeClock clock = new FakeClock(1_800_000_000_000L);
  private final NonceKeys keys = new NonceKeys(NonceKeys.newKey(random));
  private final NonceGenerator mint = new NonceGenerator(keys, clock, LIFE, random);
  private LocalNonceStore ledger = new LocalNonceStore(clock, 1000);

  @TempDir private Path folder = Path.of("set by JUnit");

  @BeforeEach
  void writeAccounts() throws IOException {
    AccountBook book = AccountBook.open(folder.resolve("accounts"));
    book.put(account(NAME, PASSWORD, EnumSet.allOf(DigestAlgorithm.class)));
    book.save();
  }

  private static Account account(String name, String password, EnumSet<DigestAlgorithm> having) {
    return new Account(
        name, REALM, Account.secrets(name, REALM, password, having), List.of(), List.of("news-*"));
  }

  private DigestScheme scheme(String... algorithms) {
    return scheme(ledger, algorithms);
  }

  private DigestScheme scheme(NonceStore ownLedger, String... algorithms) {
    List<Variant> offered =
        List.of(algorithms).stream().map(it -> Objects.requireNonNull(Variant.parse(it))).toList();
    DigestRules rules = new DigestRules(REALM, offered, false);
    try {
      AccountsFile accounts =
          AccountsFile.open(folder.resolve("accounts"), REALM, rules.algorithms());
      return new DigestScheme(
          rules,
          new DigestAuthentication(rules, accounts, mint, ownLedger, random),
          mint,
          accounts,
          new Audit());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private DigestScheme usual() {
    return scheme("SHA-256", "SHA-512-256");
  }

  private static DigestClient client(DigestScheme scheme) {
    return new DigestClient(NAME, PASSWORD).challenged(scheme.challenges().get(0)).body(BODY);
  }

  private static Verdict judge(DigestScheme scheme, String authorization) {
    return judge(scheme, authorization, "/");
  }

  private static Verdict judge(DigestScheme scheme, String authorization, String target) {
    AuthAttempt attempt = new AuthAttempt("POST", target, authorization, BODY, null, CLIENT);
    assertTrue(scheme.claims(attempt));
    return Await.result(scheme.judge(attempt));
  }

  private static void assertLetIn(Verdict verdict) {
    assertTrue(verdict.authState().isAuthenticated(), verdict::toString);
  }

  private static void assertRefused(Verdict verdict, boolean stale) {
    assertEquals(new AuthState.Denied(ErrorCode.AUTHENTICATION_REQUIRED), verdict.authState());
    assertFalse(verdict.challenges().isEmpty());
    verdict
        .challenges()
        .forEach(challenge -> assertEquals(stale, challenge.contains("stale=true"), challenge));
  }

  /** A wrong password is a guess, and nothing else is. */
  private static void assertNoGuess(Verdict verdict) {
    assertTrue(verdict.outdated(), verdict::toString);
    assertRefused(verdict, false);
  }

  private static void assertBad(Verdict verdict) {
    assertEquals(Verdict.denied(ErrorCode.BAD_REQUEST, List.of()), verdict);
  }

  @Test
  void offersOneChallengePerAlgorithmInOrder() {
    List<String> challenges = scheme("SHA-512-256", "SHA-256-sess", "MD5").challenges();
    assertEquals(
        List.of("SHA-512-256", "SHA-256-sess", "MD5"),
        challenges.stream().map(it -> DigestClient.parameter(it, "algorithm")).toList());
    for (String challenge : challenges) {
      assertTrue(challenge.startsWith("Digest realm=\"ppstp-tracker\", qop=\"auth, auth-int\", "));
      assertTrue(challenge.endsWith(", charset=UTF-8"), challenge);
      assertEquals(43, DigestClient.parameter(challenge, "nonce").length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess", "MD5", "MD5-sess"})
  void letsInWhoeverKnowsThePassword(String algorithm) {
    DigestScheme scheme = scheme(algorithm);
    for (String qop : List.of("auth", "auth-int")) {
      for (boolean hashed : new boolean[] {false, true}) {
        DigestClient client = client(scheme).qop(qop);
        if (hashed) {
          client.hashed();
        }
        Verdict verdict = judge(scheme, client.next());
        Identity identity = ((AuthState.Authenticated) verdict.authState()).identity();
        assertEquals(NAME, identity.name());
        assertEquals("digest", identity.scheme());
        assertTrue(identity.peerIds().allows(NAME));
        assertFalse(identity.peerIds().allows("other"));
        assertTrue(identity.swarms().allows("news-1"));
        assertFalse(identity.swarms().allows("sport-1"));

        byte[] answer = "the answer".getBytes(UTF_8);
        String info = Objects.requireNonNull(verdict.receipt()).of(answer);
        assertEquals(
            client.expectedResponseAuth(1, answer), DigestClient.parameter(info, "rspauth"));
        assertEquals("00000001", DigestClient.parameter(info, "nc"));
        assertEquals("0a4f113b", DigestClient.parameter(info, "cnonce"));
        assertEquals(qop, DigestClient.parameter(info, "qop"));
        assertFalse(info.contains("nextnonce"));
      }
    }
  }

  @Test
  void refusesAWrongPasswordAndAnUnknownUserAlike() throws IOException {
    AccountBook book = AccountBook.open(folder.resolve("accounts"));
    book.put(account("young", "pw", EnumSet.of(DigestAlgorithm.SHA_512_256)));
    book.save();
    DigestScheme scheme = usual();
    String challenge = scheme.challenges().get(0);
    Verdict wrong = judge(scheme, new DigestClient(NAME, "wrong").challenged(challenge).next());
    assertRefused(wrong, false);
    assertFalse(wrong.outdated(), "a guess");
    assertRefused(
        judge(scheme, new DigestClient("nobody", "pw").challenged(challenge).next()), false);
    assertRefused(
        judge(scheme, new DigestClient("nobody", "pw").challenged(challenge).hashed().next()),
        false);
    assertRefused(
        judge(scheme, new DigestClient("young", "pw").challenged(challenge).next()), false);
    assertLetIn(
        judge(
            scheme, new DigestClient("young", "pw").challenged(scheme.challenges().get(1)).next()));
    assertEquals(1, ledger.size(), "only a proven request uses a nonce");
  }

  @Test
  void refusesAlgorithmsThatAreNotOfferedAndOtherRealms() {
    DigestScheme scheme = usual();
    assertNoGuess(judge(scheme, client(scheme).algorithm("MD5").next()));
    String without = client(scheme).algorithm("MD5").next().replace("algorithm=MD5, ", "");
    assertNoGuess(judge(scheme, without));
    assertNoGuess(
        judge(scheme, client(scheme).next().replace("algorithm=SHA-256", "algorithm=SHA-1")));
    assertNoGuess(judge(scheme, client(scheme).realm("other").next()));
    assertLetIn(judge(scheme("MD5"), without));
  }

  @Test
  void acceptsReorderedCountsAndRefusesReplays() {
    DigestScheme scheme = usual();
    DigestClient client = client(scheme);
    for (long count : new long[] {3, 1, 2, 130}) {
      assertLetIn(judge(scheme, client.with(count)));
      assertNoGuess(judge(scheme, client.with(count)));
    }
    assertRefused(judge(scheme, client.with(2)), true);
  }

  @Test
  void anExpiredOrForeignNonceIsStaleOnlyIfTheDigestIsRight() {
    DigestScheme scheme = usual();
    DigestClient client = client(scheme);
    DigestClient guesser = new DigestClient(NAME, "wrong").challenged(scheme.challenges().get(0));
    clock.advance(LIFE.toMillis());
    assertRefused(judge(scheme, client.next()), true);
    assertRefused(judge(scheme, guesser.next()), false);
    assertRefused(judge(scheme, client.nonce("made up").next()), true);
    assertRefused(judge(scheme, guesser.nonce("made up").next()), false);
    assertEquals(0, ledger.size());

    String again = judge(scheme, client.next()).challenges().get(0);
    assertLetIn(judge(scheme, client.challenged(again).next()));
  }

  @Test
  void anAccountIsKnownByTheNameThatItSends() {
    DigestScheme scheme = usual();
    assertEquals(account(scheme, client(scheme).next()), account(scheme, client(scheme).next()));
    DigestClient other = new DigestClient("other", "pw").challenged(scheme.challenges().get(0));
    assertNotEquals(account(scheme, client(scheme).next()), account(scheme, other.next()));
    for (String odd : List.of("Digest", "Digest username", "Digest username=\"x", "digest ,=")) {
      account(scheme, odd);
    }
  }

  private static String account(DigestScheme scheme, String authorization) {
    return scheme.account(new AuthAttempt("POST", "/", authorization, BODY, null, CLIENT));
  }

  @Test
  void handsOutANewNonceBeforeTheOldOneExpires() {
    DigestScheme scheme = usual();
    DigestClient client = client(scheme);
    DigestClient session = client(scheme("SHA-256-sess"));
    clock.advance(LIFE.toMillis() / 2 + 1);
    String info = receipt(judge(scheme, client.next()));
    assertLetIn(judge(scheme, client.nonce(DigestClient.parameter(info, "nextnonce")).next()));
    assertFalse(receipt(judge(scheme, session.next())).contains("nextnonce"));
  }

  private static String receipt(Verdict verdict) {
    return Objects.requireNonNull(verdict.receipt()).of(new byte[0]);
  }

  @Test
  void aFullLedgerRefusesRatherThanForgets() {
    ledger = new LocalNonceStore(clock, 1);
    DigestScheme scheme = usual();
    DigestClient first = client(scheme);
    assertLetIn(judge(scheme, first.next()));
    assertRefused(judge(scheme, client(scheme).next()), true);
    assertRefused(judge(scheme, first.with(1)), false);
    assertLetIn(judge(scheme, first.next()));
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/video?a=b, /video?a=b, true",
    "/video, /video?a=b, false",
    "/video, /other, false",
    "/a, http://tracker.example:7846/a, true",
    "https://tracker.example/a?b, /a?b, true",
    "http://tracker.example, /, true",
    "http://tracker.example?q, /?q, true",
    "/x://y/z, /z, false",
    "*, /, false"
  })
  void theUriMustBeThatOfTheRequest(String uri, String target, boolean same) {
    DigestScheme scheme = usual();
    Verdict verdict = judge(scheme, client(scheme).target("POST", uri).next(), target);
    if (same) {
      assertLetIn(verdict);
    } else {
      assertBad(verdict);
    }
  }

  @Test
  void theMethodAndWithIntegrityTheBodyAreProved() {
    DigestScheme scheme = usual();
    assertRefused(judge(scheme, client(scheme).target("PUT", "/").next()), false);
    byte[] other = "another body".getBytes(UTF_8);
    assertRefused(judge(scheme, client(scheme).qop("auth-int").body(other).next()), false);
    assertLetIn(judge(scheme, client(scheme).qop("auth").body(other).next()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"username", "realm", "nonce", "uri", "response", "cnonce", "nc", "qop"})
  void whatIsMissingIsABadRequest(String parameter) {
    DigestScheme scheme = usual();
    String whole = client(scheme).next();
    String without = whole.replaceFirst("\\b" + parameter + "=(\"(\\\\.|[^\"])*\"|[^,]*)", "");
    assertFalse(without.equals(whole));
    assertBad(judge(scheme, without));
  }

  @ParameterizedTest
  @CsvSource({
    "nc=00000001, nc=1",
    "nc=00000001, nc=00000000",
    "nc=00000001, nc=0000000g",
    "nc=00000001, nc=+0000001",
    "nc=00000001, 'nc=00000001, nc=00000001'",
    "qop=auth, qop=none",
    "qop=auth, 'qop=\"auth, auth-int\"'",
    "cnonce=\"0a4f113b\", cnonce=\"\"",
    "cnonce=\"0a4f113b\", cnonce=\"\u00e4\"",
    "qop=auth, 'qop=auth, userhash=perhaps'",
    "qop=auth, 'qop=auth, username*=UTF-8''''x'",
    "response=\", response=\"0",
    "response=\", response=\"",
  })
  void whatIsImproperIsABadRequest(String good, String bad) {
    DigestScheme scheme = usual();
    String whole = client(scheme).next();
    assertTrue(whole.contains(good), whole);
    String changed =
        good.equals(bad)
            ? whole.replaceFirst("response=\"[0-9a-f]", "response=\"g")
            : whole.replace(good, bad);
    assertBad(judge(scheme, changed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username=\"\u00e4\"",
        "username*=ISO-8859-1''x",
        "username*=UTF-8'x",
        "username*=UTF-8''%4",
        "username*=UTF-8''%zz",
        "username*=UTF-8''%E4",
        "username*=UTF-8''x, userhash=true"
      })
  void namesThatAreNotUtf8AreABadRequest(String name) {
    DigestScheme scheme = usual();
    String whole = new DigestClient("x", "y").challenged(scheme.challenges().get(0)).next();
    assertBad(judge(scheme, whole.replace("username=\"x\"", name)));
  }

  @Test
  void failsIfTheLedgerCannotTell() {
    DigestScheme scheme =
        scheme(
            (nonce, account, count, expiresAtMs) -> Future.failedFuture(new IOException("gone")),
            "SHA-256");
    String authorization = client(scheme).next();
    CompletionException failure =
        assertThrows(CompletionException.class, () -> judge(scheme, authorization));
    assertTrue(failure.getCause() instanceof IOException);
  }

  @Test
  void isNoProviderForOtherCredentials() {
    DigestRules rules = new DigestRules(REALM, List.of(), false);
    try {
      AccountsFile accounts =
          AccountsFile.open(
              folder.resolve("accounts"), REALM, EnumSet.allOf(DigestAlgorithm.class));
      var provider = new DigestAuthentication(rules, accounts, mint, ledger, random);
      assertTrue(provider.authenticate(new UsernamePasswordCredentials(NAME, PASSWORD)).failed());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Neither who guesses nor who only knocks leaves anything behind. */
  @Test
  void aFloodOfRefusalsLeavesNothingBehind() throws JMException {
    DigestScheme scheme = usual();
    String challenge = scheme.challenges().get(0);
    DigestClient guesser = new DigestClient(NAME, "wrong").challenged(challenge);
    flood(scheme, guesser, 20_000);
    long before = LiveHeap.now().bytes();
    flood(scheme, guesser, 200_000);
    long grown = LiveHeap.now().bytes() - before;
    System.out.println("DigestSchemeTest: 400000 refusals, heap " + grown + " bytes more");
    assertTrue(grown < 2_000_000, grown + " bytes");
    assertEquals(0, ledger.size());
  }

  private static void flood(DigestScheme scheme, DigestClient guesser, int rounds) {
    String authorization = guesser.next();
    for (int i = 0; i < rounds; i++) {
      assertFalse(scheme.challenges().isEmpty());
      AuthAttempt attempt = new AuthAttempt("POST", "/", authorization, BODY, null, CLIENT);
      assertFalse(scheme.judge(attempt).result().authState().isAuthenticated());
    }
  }
}
