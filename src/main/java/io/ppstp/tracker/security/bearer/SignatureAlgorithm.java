package io.ppstp.tracker.security.bearer;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  static Set<SignatureAlgorithm> of(String keyType, @Nullable String curve, @Nullable String alg) {
    List<SignatureAlgorithm> fitting =
        Arrays.stream(values())
            .filter(it -> it.keyType.equals(keyType))
            .filter(it -> it.curve == null || it.curve.equals(curve))
            .filter(it -> alg == null || it.text.equals(alg))
            .toList();
    return fitting.isEmpty() ? Set.of() : EnumSet.copyOf(fitting);
  }
}
