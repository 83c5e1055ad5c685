package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.security.bearer.Jwt.Claims;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds a token's claims to the rules, and reads from them who its bearer is. What is absent does
 * not pass. Immutable.
 */
public final class ClaimsCheck {
  /** How far the clocks of issuer and tracker may be apart. */
  static final long SKEW_MS = 30_000;

  private static final String SCHEME = "bearer";
  private static final String SUBJECT = "sub";
  private static final String EXPIRY = "exp";

  private final BearerRules rules;
  private final InstantSource clock;

  ClaimsCheck(BearerRules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * Returns why nobody could use a JWT with these claims now, or null. Says nothing of scopes, so
   * it can be asked before the signature is known to be good, which is dearer to find out.
   */
  @Nullable TokenFault objectionToJwt(Claims claims) {
    if (!claims.has(EXPIRY)) {
      return TokenFault.ENDLESS;
    }
    String issuer = claims.text("iss");
    return issuer == null || !rules.issuer().filter(issuer::equals).isPresent()
        ? TokenFault.ISSUER
        : commonObjection(claims);
  }

  /**
   * Returns why nobody could use a token with this introspection response now, or null. {@code exp}
   * and {@code iss} are optional there (RFC 7662, Section 2.2): the issuer itself says whether the
   * token is active.
   */
  @Nullable TokenFault objectionToResponse(Claims claims) {
    if (!claims.isTrue("active")) {
      return TokenFault.INACTIVE;
    }
    boolean foreign =
        claims.has("iss")
            && rules.issuer().isPresent()
            && !rules.issuer().get().equals(claims.text("iss"));
    return foreign ? TokenFault.ISSUER : commonObjection(claims);
  }

  private @Nullable TokenFault commonObjection(Claims claims) {
    if (rules.audience().isPresent()
        && !claims.texts("aud").contains(rules.audience().orElseThrow())) {
      return TokenFault.AUDIENCE;
    }
    long nowMs = clock.millis();
    if (claims.has(EXPIRY) && nowMs >= untilMs(claims)) {
      return TokenFault.EXPIRED;
    }
    if (claims.has("nbf") && nowMs < claims.timeMs("nbf").orElse(Long.MAX_VALUE) - SKEW_MS) {
      return TokenFault.EARLY;
    }
    return claims.text(SUBJECT) == null ? TokenFault.NOBODY : null;
  }

  /** Returns who the bearer of a token without objection is, if its scope is enough. */
  Finding identify(Claims claims) {
    String name = claims.text(SUBJECT);
    if (name == null) {
      return new Finding.Bad(TokenFault.NOBODY);
    }
    if (!claims.words("scope").containsAll(rules.scopes())) {
      return new Finding.Bad(TokenFault.SCOPE);
    }
    return new Finding.Good(
        new Identity(
            name, SCHEME, peerIds(claims), swarms(claims), untilMs(claims), isCache(claims)));
  }

  private boolean isCache(Claims claims) {
    return rules.cacheClaim().filter(claims::isTrue).isPresent();
  }

  /** An issuer may let users choose their names, so a star in one must not stand for all names. */
  private Permissions peerIds(Claims claims) {
    List<String> exact =
        claims.texts(rules.peerIdClaim()).stream().filter(id -> id.indexOf('*') < 0).toList();
    return new Permissions(exact);
  }

  private Permissions swarms(Claims claims) {
    return rules
        .swarmsClaim()
        .map(claim -> new Permissions(claims.texts(claim)))
        .orElse(Permissions.ANY);
  }

  /** An expiry that is no number is long past; none at all is never. */
  private static long untilMs(Claims claims) {
    if (!claims.has(EXPIRY)) {
      return Long.MAX_VALUE;
    }
    OptionalLong expiryMs = claims.timeMs(EXPIRY);
    if (expiryMs.isEmpty()) {
      return Long.MIN_VALUE;
    }
    long ms = expiryMs.getAsLong();
    return ms > Long.MAX_VALUE - SKEW_MS ? Long.MAX_VALUE : ms + SKEW_MS;
  }

  /**
   * What a token has to say, and which of its claims say what its bearer may do. Immutable.
   *
   * @param issuer the {@code iss} that is trusted; empty if only introspection is used, where the
   *     server that is asked vouches for the issuer
   * @param audience what {@code aud} must contain; may be empty with introspection only
   * @param scopes all of which a token must have
   * @param peerIdClaim the claim with the bearer's peer ID or IDs
   * @param swarmsClaim the claim with the swarms that the bearer may use; empty allows all swarms
   * @param cacheClaim the claim that is true of edge caches; empty if no bearer is one
   */
  public record BearerRules(
      Optional<String> issuer,
      Optional<String> audience,
      List<String> scopes,
      String peerIdClaim,
      Optional<String> swarmsClaim,
      Optional<String> cacheClaim) {

    /** Makes rules by which no bearer is an edge cache. */
    public BearerRules(
        Optional<String> issuer,
        Optional<String> audience,
        List<String> scopes,
        String peerIdClaim,
        Optional<String> swarmsClaim) {
      this(issuer, audience, scopes, peerIdClaim, swarmsClaim, Optional.empty());
    }

    /** Copies {@code scopes}. */
    public BearerRules {
      scopes = List.copyOf(scopes);
    }
  }
}
