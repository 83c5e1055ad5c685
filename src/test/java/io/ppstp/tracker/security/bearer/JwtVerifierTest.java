package io.ppstp.tracker.security.bearer;

import static io.ppstp.tracker.security.bearer.Bearer.NOW_MS;
import static io.ppstp.tracker.security.bearer.Bearer.assertBad;
import static io.ppstp.tracker.security.bearer.Bearer.claims;
import static io.ppstp.tracker.security.bearer.Bearer.fixed;
import static io.ppstp.tracker.security.bearer.Bearer.identity;
import static io.ppstp.tracker.security.bearer.Bearer.judged;
import static io.ppstp.tracker.security.bearer.Bearer.keys;
import static io.ppstp.tracker.security.bearer.Bearer.rules;
import static io.ppstp.tracker.security.bearer.Bearer.verifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.bearer.ClaimsCheck.BearerRules;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.security.bearer.SigningKey.SignatureAlgorithm;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.IssuerKey;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which JSON Web Tokens are good, and whom they speak for. */
class JwtVerifierTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String[] ALGORITHMS = {
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
  };

  private static final IssuerKey rsa = Bearer.key("rsa", "RS256");
  private static final IssuerKey ec = Bearer.key("ec", "ES256");
  private static final KeySet set = Bearer.keySet(VERTX, rsa, ec);

  private final FakeClock clock = new FakeClock(NOW_MS);
  private final JwtVerifier verifier = verifier(fixed(set), rules("ppstp"), clock);

  @AfterAll
  static void close() {
    VERTX.close();
  }

  private Finding verdictOn(Consumer<ObjectNode> change) {
    ObjectNode claims = claims();
    change.accept(claims);
    return judged(verifier, rsa.token(claims));
  }

  @Test
  void aGoodTokenSpeaksForItsSubject() {
    Identity alice =
        new Identity(
            "alice",
            "bearer",
            new Permissions(List.of("alice")),
            Permissions.ANY,
            Bearer.NOW_MS + 300_000 + ClaimsCheck.SKEW_MS);

    assertEquals(alice, identity(judged(verifier, rsa.token(claims()))));
    assertEquals(alice, identity(judged(verifier, ec.token(claims()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void everyAcceptedAlgorithmIsVerified(String algorithm) throws Exception {
    IssuerKey key = IssuerKey.generate("k", algorithm);
    IssuerKey stranger = IssuerKey.generate("k", algorithm);
    JwtVerifier own = verifier(fixed(keys(VERTX, key)), rules(), clock);

    assertEquals("alice", identity(judged(own, key.token(claims()))).name());
    assertBad(TokenFault.SIGNATURE, judged(own, stranger.token(claims())));
    assertEquals(ALGORITHMS.length, SignatureAlgorithm.values().length);
  }

  /** One that ends in a zero, as each 256th does, was as good without it. */
  @Test
  void aSignatureThatIsCutShortIsNone() throws Exception {
    String token = rsa.token(claims());
    while (!endsInZero(token)) {
      token = rsa.token(claims().put("jti", token.hashCode()));
    }
    assertEquals("alice", identity(judged(verifier, token)).name());
    assertBad(TokenFault.SIGNATURE, judged(verifier, token.substring(0, token.length() - 2)));
    assertBad(
        TokenFault.SIGNATURE, judged(verifier, token.substring(0, token.length() - 2) + "AAAA"));
  }

  private static boolean endsInZero(String token) {
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
    return signature[signature.length - 1] == 0;
  }

  @ParameterizedTest
  @CsvSource({
    "iss,ISSUER",
    "aud,AUDIENCE",
    "sub,NOBODY",
    "exp,ENDLESS",
    "scope,SCOPE",
  })
  void anAbsentClaimDoesNotPass(String claim, TokenFault fault) {
    assertBad(fault, verdictOn(claims -> claims.remove(claim)));
    assertBad(
        claim.equals("exp") ? TokenFault.EXPIRED : fault,
        verdictOn(claims -> claims.putNull(claim)));
    assertBad(
        claim.equals("exp") ? TokenFault.EXPIRED : fault,
        verdictOn(claims -> claims.putObject(claim)));
  }

  @Test
  void aWrongClaimDoesNotPass() {
    assertBad(TokenFault.ISSUER, verdictOn(it -> it.put("iss", Bearer.ISSUER + "/")));
    assertBad(TokenFault.AUDIENCE, verdictOn(it -> it.put("aud", "other")));
    assertBad(TokenFault.AUDIENCE, verdictOn(it -> it.putArray("aud").add("a").add(1)));
    assertBad(TokenFault.SCOPE, verdictOn(it -> it.put("scope", "ppstps xppstp")));
    assertBad(TokenFault.NOBODY, verdictOn(it -> it.put("sub", "")));
    assertBad(TokenFault.NOBODY, verdictOn(it -> it.put("sub", 7)));
    assertBad(TokenFault.EXPIRED, verdictOn(it -> it.put("exp", "2000000000")));
    assertBad(TokenFault.EARLY, verdictOn(it -> it.put("nbf", "soon")));
    identity(verdictOn(it -> it.putArray("aud").add("other").add("tracker")));
    identity(verdictOn(it -> it.putArray("scope").add("ppstp")));
  }

  @Test
  void timeIsTakenWithHalfAMinuteOfGrace() {
    long now = NOW_MS / 1000;

    identity(verdictOn(it -> it.put("exp", now - 29)));
    assertBad(TokenFault.EXPIRED, verdictOn(it -> it.put("exp", now - 30)));
    assertBad(TokenFault.EXPIRED, verdictOn(it -> it.put("exp", 0)));
    assertBad(TokenFault.EXPIRED, verdictOn(it -> it.put("exp", -1e300)));
    identity(verdictOn(it -> it.put("exp", now + 0.5)));
    identity(verdictOn(it -> it.put("exp", 1e300)));
    identity(verdictOn(it -> it.put("nbf", now + 30)));
    assertBad(TokenFault.EARLY, verdictOn(it -> it.put("nbf", now + 31)));
    assertBad(TokenFault.EARLY, verdictOn(it -> it.put("nbf", 1e300)));
  }

  @Test
  void aTokenExpiresAlsoWhenItWasGoodAMomentAgo() {
    String token = rsa.token(claims());

    identity(judged(verifier, token));
    clock.advance(329_999);
    identity(judged(verifier, token));
    clock.advance(1);
    assertBad(TokenFault.EXPIRED, judged(verifier, token));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "HS512", "RS1", "ES256K", "", "rs256", "PS255"})
  void noOtherAlgorithmIsAccepted(String algorithm) {
    ObjectNode header = Json.object().put("alg", algorithm).put("kid", "rsa");
    Finding finding = judged(verifier, rsa.token(header, claims()));

    assertBad(algorithm.isEmpty() ? TokenFault.UNREADABLE : TokenFault.ALGORITHM, finding);
  }

  @Test
  void aTokenWithoutSignatureIsNone() {
    ObjectNode header = Json.object().put("alg", "none");
    String content = IssuerKey.unsigned(header, claims());

    assertBad(TokenFault.UNREADABLE, judged(verifier, content));
    assertBad(TokenFault.UNREADABLE, judged(verifier, content + "."));
    assertBad(TokenFault.ALGORITHM, judged(verifier, content + ".AAAA"));
    String posing = IssuerKey.unsigned(header.put("alg", "RS256").put("kid", "rsa"), claims());
    assertBad(TokenFault.UNREADABLE, judged(verifier, posing + "."));
    assertBad(TokenFault.SIGNATURE, judged(verifier, posing + ".AAAA"));
  }

  @Test
  void aPublicKeyIsNoSharedSecret() throws Exception {
    for (String algorithm : List.of("HS256", "RS256", "ES256")) {
      ObjectNode header = Json.object().put("alg", algorithm).put("kid", "rsa");
      String content = IssuerKey.unsigned(header, claims());
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(rsa.publicBytes(), "HmacSHA256"));
      String token = content + "." + IssuerKey.base64(mac.doFinal(content.getBytes(UTF_8)));

      assertBad(
          algorithm.equals("RS256") ? TokenFault.SIGNATURE : TokenFault.ALGORITHM,
          judged(verifier, token));
    }
  }

  @Test
  void aKeyIsUsedForItsOwnAlgorithmOnly() {
    assertBad(TokenFault.ALGORITHM, judged(verifier, rsa.as("RS512").token(claims())));
    assertBad(TokenFault.ALGORITHM, judged(verifier, rsa.as("PS256").token(claims())));
  }

  @Test
  void aKeyThatDoesNotSayItsAlgorithmTakesAllOfItsType() throws Exception {
    ObjectNode jwk = rsa.jwk();
    jwk.remove("alg");
    ObjectNode keys = Json.object();
    keys.putArray("keys").add(jwk);
    KeySet silent = KeySet.parse(Buffer.buffer(keys.toString()), VERTX);
    JwtVerifier own = verifier(fixed(silent), rules(), clock);

    for (String algorithm : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
      identity(judged(own, rsa.as(algorithm).token(claims())));
    }
    assertBad(TokenFault.ALGORITHM, judged(own, ec.named("rsa").token(claims())));
  }

  @Test
  void theKeyIdDecides() {
    assertBad(TokenFault.UNKNOWN_KEY, judged(verifier, rsa.named("new").token(claims())));
    assertBad(TokenFault.ALGORITHM, judged(verifier, rsa.named("ec").token(claims())));
    ObjectNode header = Json.object().put("alg", "RS256");
    identity(judged(verifier, rsa.token(header, claims())));
    assertBad(TokenFault.UNREADABLE, judged(verifier, rsa.token(header.put("kid", 7), claims())));
  }

  @Test
  void aKeyThatComesWithTheTokenIsNotBelieved() throws Exception {
    IssuerKey own = IssuerKey.generate("own", "RS256");
    ObjectNode header = Json.object().put("alg", "RS256").put("jku", "http://evil.example/");
    header.set("jwk", own.jwk());

    assertBad(TokenFault.SIGNATURE, judged(verifier, own.token(header, claims())));
  }

  @Test
  void whatTheHeaderDemandsAndNobodyUnderstandsIsNotIgnored() {
    ObjectNode critical = Json.object().put("alg", "RS256").put("kid", "rsa");
    critical.putArray("crit").add("exp");
    ObjectNode logout =
        Json.object().put("alg", "RS256").put("kid", "rsa").put("typ", "logout+jwt");

    assertBad(TokenFault.UNREADABLE, judged(verifier, rsa.token(critical, claims())));
    assertBad(TokenFault.UNREADABLE, judged(verifier, rsa.token(logout, claims())));
    identity(judged(verifier, rsa.token(logout.put("typ", "AT+jwt"), claims())));
  }

  @Test
  void aClaimBindsPeerIdsAndAnotherSwarms() {
    BearerRules rules =
        new BearerRules(
            Optional.of(Bearer.ISSUER),
            Optional.of(Bearer.AUDIENCE),
            List.of(),
            "peers",
            Optional.of("swarms"),
            Optional.of("cache"));
    JwtVerifier binding = verifier(fixed(set), rules, clock);
    ObjectNode claims = claims();
    claims.putArray("peers").add("p-1").add("p-2").add(3).add("p*");
    claims.putArray("swarms").add("live-*").add("news");
    Identity bound = identity(judged(binding, rsa.token(claims)));

    assertEquals("alice", bound.name());
    assertEquals(List.of("p-1", "p-2"), bound.peerIds().patterns());
    assertTrue(bound.swarms().allows("live-7"));
    assertTrue(bound.swarms().allows("news"));
    assertFalse(bound.swarms().allows("other"));
    assertFalse(bound.edgeCache());
    assertTrue(identity(judged(binding, rsa.token(claims().put("cache", true)))).edgeCache());
    assertFalse(identity(judged(binding, rsa.token(claims().put("cache", "true")))).edgeCache());
    assertFalse(identity(judged(verifier, rsa.token(claims().put("cache", true)))).edgeCache());
    Identity unbound = identity(judged(binding, rsa.token(claims())));
    assertEquals(Permissions.NONE, unbound.peerIds());
    assertEquals(Permissions.NONE, unbound.swarms());
    Identity star = identity(judged(verifier, rsa.token(claims().put("sub", "*"))));
    assertEquals(Permissions.NONE, star.peerIds());
  }

  @Test
  void garbageIsRefusedWithoutAnyFuss() {
    SplittableRandom random = Seeds.random();
    String good = rsa.token(claims());
    for (int i = 0; i < 20_000; i++) {
      Finding finding = judged(verifier, mutated(good, random));
      if (finding instanceof Finding.Good it) {
        assertEquals("alice", it.identity().name());
      }
    }
    for (String claims : List.of("null", "[]", "7", "\"x\"", "{", "[".repeat(4000), "{}{}")) {
      String token =
          encoded("{\"alg\":\"RS256\",\"kid\":\"rsa\"}") + "." + encoded(claims) + ".AAAA";
      assertTrue(judged(verifier, token) instanceof Finding.Bad, claims);
      token = encoded(claims) + "." + encoded("{}") + ".AAAA";
      assertTrue(judged(verifier, token) instanceof Finding.Bad, claims);
    }
    assertBad(TokenFault.UNREADABLE, judged(verifier, "a".repeat(9000) + ".a.a"));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static String mutated(String token, SplittableRandom random) {
    StringBuilder text = new StringBuilder(token);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(32, 127));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, ".");
      }
    }
    return text.toString();
  }
}
