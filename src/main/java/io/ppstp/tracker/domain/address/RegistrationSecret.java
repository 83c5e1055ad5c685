package io.ppstp.tracker.domain.address;

import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a peer without credentials proves with that a registration is its own, wherever it is;
 * immutable. The peer has it from the answer to its CONNECT. The tracker keeps its hash only, and
 * as it is random, a plain hash gives nothing away.
 */
public final class RegistrationSecret {
  /** 144 bits: the fewest over 128 that Base64 writes without a rest. */
  private static final int BYTES = 18;

  private static final int CHARACTERS = 24;

  private final String text;

  private RegistrationSecret(String text) {
    this.text = text;
  }

  /** Draws a secret; {@code random} has to be fit for keys. */
  public static RegistrationSecret draw(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new RegistrationSecret(Base64.getUrlEncoder().encodeToString(bytes));
  }

  /**
   * Returns the hash of what somebody says is a secret, null if it cannot be one: 24 characters of
   * the URL-safe Base64 (RFC 4648, Section 5).
   */
  public static @Nullable SecretHash hashOf(String text) {
    if (text.length() != CHARACTERS) {
      return null;
    }
    for (int i = 0; i < CHARACTERS; i++) {
      if (!isBase64(text.charAt(i))) {
        return null;
      }
    }
    return digest(text);
  }

  private static boolean isBase64(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static SecretHash digest(String text) {
    try {
      ByteBuffer hash =
          ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII)));
      return new SecretHash(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns the secret itself, for the peer and nobody else. */
  public String text() {
    return text;
  }

  /** Returns the hash by which it is recognised. */
  public SecretHash hash() {
    return digest(text);
  }

  /** Returns nothing that a log must not hold. */
  @Override
  public String toString() {
    return "a registration's secret";
  }

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

  /**
   * The secrets that a registration was given, as hashes; immutable. There are two, for a CONNECT
   * may be answered again before its first answer arrives: then the peer may go by either.
   *
   * @param latest null if there is none
   * @param earlier null if there were not two
   */
  public record Secrets(@Nullable SecretHash latest, @Nullable SecretHash earlier) {
    /** None was given. */
    public static final Secrets NONE = new Secrets(null, null);

    /** Returns these with {@code given} as the latest. A command that comes twice gives one. */
    public Secrets and(SecretHash given) {
      return includes(given) ? this : new Secrets(given, latest);
    }

    /** Returns whether {@code proof} is the hash of one of them. */
    public boolean includes(@Nullable SecretHash proof) {
      return proof != null
          && ((latest != null && latest.matches(proof))
              || (earlier != null && earlier.matches(proof)));
    }
  }
}
