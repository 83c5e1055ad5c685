package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.bearer.Jwt.Claims;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One public key of an issuer (RFC 7517), and what it may verify. Thread-safe. */
final class SigningKey {
  private static final int LEAST_RSA_BITS = 2048;
  private static final int MOST_RSA_BITS = 8192;

  /** Without certificates, whose validity nobody asked for, and without private parts. */
  private static final List<String> NEEDED = List.of("kty", "kid", "crv", "n", "e", "x", "y");

  /** Passes only where the library has no key at all and trusts everybody. */
  private static final String UNSIGNED = "e30.e30";

  private final @Nullable String id;
  private final Map<SignatureAlgorithm, JWTAuth> verifiers;

  /** As long as each signature is that it makes. */
  private final int signatureBytes;

  private SigningKey(
      @Nullable String id, int signatureBytes, Map<SignatureAlgorithm, JWTAuth> verifiers) {
    this.id = id;
    this.signatureBytes = signatureBytes;
    this.verifiers = verifiers;
  }

  /** Reads {@code jwk}, or returns null if nothing that is accepted could be verified with it. */
  static @Nullable SigningKey of(JsonObject jwk, Vertx vertx) {
    Claims members = new Claims(jwk);
    String type = members.text("kty");
    if (type == null || !isForSignatures(members) || !isStrong(type, members)) {
      return null;
    }
    Map<SignatureAlgorithm, JWTAuth> verifiers = new EnumMap<>(SignatureAlgorithm.class);
    Set<SignatureAlgorithm> algorithms =
        jwk.containsKey("alg") && members.text("alg") == null
            ? Set.of()
            : SignatureAlgorithm.of(type, members.text("crv"), members.text("alg"));
    for (SignatureAlgorithm algorithm : algorithms) {
      JWTAuth verifier = verifier(jwk, algorithm, vertx);
      if (verifier != null) {
        verifiers.put(algorithm, verifier);
      }
    }
    return verifiers.isEmpty()
        ? null
        : new SigningKey(members.text("kid"), signatureBytes(members), verifiers);
  }

  /** RFC 7518, Sections 3.3 and 3.4; RFC 8032, Section 5.1.6. */
  private static int signatureBytes(Claims members) {
    byte[] modulus = decoded(members.text("n"));
    if (modulus != null && "RSA".equals(members.text("kty"))) {
      return (new BigInteger(1, modulus).bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    }
    return "P-384".equals(members.text("crv"))
        ? 96
        : "P-521".equals(members.text("crv")) ? 132 : 64;
  }

  private static boolean isForSignatures(Claims members) {
    boolean use = !members.has("use") || "sig".equals(members.text("use"));
    return use && (!members.has("key_ops") || members.texts("key_ops").contains("verify"));
  }

  private static boolean isStrong(String type, Claims members) {
    if (!type.equals("RSA")) {
      return decoded(members.text("x")) != null
          && (!type.equals("EC") || decoded(members.text("y")) != null);
    }
    byte[] modulus = decoded(members.text("n"));
    if (modulus == null || decoded(members.text("e")) == null) {
      return false;
    }
    int bits = new BigInteger(1, modulus).bitLength();
    return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
  }

  private static byte @Nullable [] decoded(@Nullable String text) {
    try {
      return text == null ? null : Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable JWTAuth verifier(
      JsonObject jwk, SignatureAlgorithm algorithm, Vertx vertx) {
    JsonObject plain = new JsonObject().put("alg", algorithm.text());
    NEEDED.stream()
        .filter(name -> jwk.getValue(name) instanceof String)
        .forEach(name -> plain.put(name, jwk.getString(name)));
    try {
      // Its own look at the times would be by the system's clock.
      JWTAuth verifier =
          JWTAuth.create(
              vertx,
              new JWTAuthOptions()
                  .addJwk(plain)
                  .setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
      return accepts(verifier, UNSIGNED) ? null : verifier;
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Returns the key's ID, null if it has none. */
  @Nullable String id() {
    return id;
  }

  /** Returns whether the key may be used with {@code algorithm}. */
  boolean fits(SignatureAlgorithm algorithm) {
    return verifiers.containsKey(algorithm);
  }

  /** Returns whether this key made the signature of {@code token}; false for any other fault. */
  boolean verifies(Jwt token, SignatureAlgorithm algorithm) {
    JWTAuth verifier = verifiers.get(algorithm);
    return verifier != null && isWhole(token.text()) && accepts(verifier, token.text());
  }

  /** The library takes a signature that is cut short for one that ends in zeros. */
  private boolean isWhole(String token) {
    byte[] signature = decoded(token.substring(token.lastIndexOf('.') + 1));
    return signature != null && signature.length == signatureBytes;
  }

  /** The library works through a token at once, on the caller's thread. */
  private static boolean accepts(JWTAuth verifier, String token) {
    try {
      return verifier.authenticate(new TokenCredentials(token)).succeeded();
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * The signature algorithms that are accepted (RFC 7518, Section 3.1; RFC 8037): asymmetric ones
   * only, so that nobody can pass off a public key as a shared secret.
   */
  enum SignatureAlgorithm {
    RS256("RS256", "RSA", null),
    RS384("RS384", "RSA", null),
    RS512("RS512", "RSA", null),
    PS256("PS256", "RSA", null),
    PS384("PS384", "RSA", null),
    PS512("PS512", "RSA", null),
    ES256("ES256", "EC", "P-256"),
    ES384("ES384", "EC", "P-384"),
    ES512("ES512", "EC", "P-521"),
    EDDSA("EdDSA", "OKP", "Ed25519");

    private final String text;
    private final String keyType;
    private final @Nullable String curve;

    SignatureAlgorithm(String text, String keyType, @Nullable String curve) {
      this.text = text;
      this.keyType = keyType;
      this.curve = curve;
    }

    /** Returns the name as it stands in {@code alg}. */
    String text() {
      return text;
    }

    /** Returns the algorithm that {@code alg} names, null if it is not accepted. */
    static @Nullable SignatureAlgorithm of(String alg) {
      return Arrays.stream(values()).filter(it -> it.text.equals(alg)).findFirst().orElse(null);
    }

    /**
     * Returns what a key may be used with.
     *
     * @param alg the only algorithm that it is for, null if the key does not say
     */
    static Set<SignatureAlgorithm> of(
        String keyType, @Nullable String curve, @Nullable String alg) {
      List<SignatureAlgorithm> fitting =
          Arrays.stream(values())
              .filter(it -> it.keyType.equals(keyType))
              .filter(it -> it.curve == null || it.curve.equals(curve))
              .filter(it -> alg == null || it.text.equals(alg))
              .toList();
      return fitting.isEmpty() ? Set.of() : EnumSet.copyOf(fitting);
    }
  }
}
