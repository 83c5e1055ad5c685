package io.ppstp.tracker.domain;

/**
 * The first 128 bits of the SHA-256 of a {@link RegistrationSecret}; immutable. Whoever sees it
 * cannot tell the secret.
 */
public record SecretHash(long high, long low) {

  /** Returns whether both are of the same secret, in the same time whichever bits differ. */
  boolean matches(SecretHash other) {
    return ((high ^ other.high) | (low ^ other.low)) == 0;
  }
}
