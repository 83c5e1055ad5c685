package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.security.bearer.KeySet.KeySource;
import io.ppstp.tracker.security.bearer.SigningKey.SignatureAlgorithm;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;

/**
 * Judges JSON Web Tokens by the keys of their issuer. Thread-safe.
 *
 * <p>Verifying a signature happens on the caller's event loop, once per good token and minute.
 * Measured on two busy cores it took 0.2 ms for RSA and 1.9 ms for P-256.
 */
final class JwtVerifier {
  private final KeySource keys;
  private final ClaimsCheck check;
  private final TokenCache<Verified> verified;
  private final InstantSource clock;

  /** A good token is good as long as its key is; so is what was found out by the same keys. */
  private record Verified(Finding.Good finding, KeySet by) {}

  JwtVerifier(KeySource keys, ClaimsCheck check, InstantSource clock) {
    this.keys = keys;
    this.check = check;
    this.clock = clock;
    this.verified = new TokenCache<>();
  }

  /** Judges {@code token}; the future completes at once unless keys have to be looked for. */
  Future<Finding> verify(Jwt token) {
    SignatureAlgorithm algorithm = SignatureAlgorithm.of(token.algorithm());
    if (algorithm == null) {
      return bad(TokenFault.ALGORITHM);
    }
    TokenFault objection = check.objectionToJwt(token.claims());
    if (objection != null) {
      return bad(objection);
    }
    KeySet set = keys.current();
    if (set != null && set.knows(token.keyId())) {
      return Future.succeededFuture(verify(token, algorithm, set));
    }
    return keys.lookAgain().map(looked -> verifyByNewest(token, algorithm));
  }

  private Finding verifyByNewest(Jwt token, SignatureAlgorithm algorithm) {
    KeySet set = keys.current();
    if (set != null && set.knows(token.keyId())) {
      return verify(token, algorithm, set);
    }
    boolean undecided = set == null || keys.isOutdated();
    return new Finding.Bad(undecided ? TokenFault.UNDECIDED : TokenFault.UNKNOWN_KEY);
  }

  private Finding verify(Jwt token, SignatureAlgorithm algorithm, KeySet set) {
    TokenCache.TokenDigest digest = TokenCache.digest(token.text());
    Verified known = verified.get(digest, clock.millis());
    if (known != null && known.by() == set) {
      return known.finding();
    }
    List<SigningKey> candidates = set.candidates(token, algorithm);
    if (candidates.isEmpty()) {
      return new Finding.Bad(TokenFault.ALGORITHM);
    }
    if (candidates.stream().noneMatch(key -> key.verifies(token, algorithm))) {
      return new Finding.Bad(TokenFault.SIGNATURE);
    }
    Finding finding = check.identify(token.claims());
    if (finding instanceof Finding.Good good) {
      verified.put(digest, new Verified(good, set), good.untilMs(), clock.millis());
    }
    return finding;
  }

  private static Future<Finding> bad(TokenFault fault) {
    return Future.succeededFuture(new Finding.Bad(fault));
  }
}
