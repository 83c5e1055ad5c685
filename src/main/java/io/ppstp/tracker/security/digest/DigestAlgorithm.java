package io.ppstp.tracker.security.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A hash function that Digest may use (RFC 7616, Section 6.1); immutable. */
public enum DigestAlgorithm {
  /** What every implementation has. */
  SHA_256("SHA-256", "SHA-256"),
  /** The fallback, with initial values of its own: not SHA-512 cut short. */
  SHA_512_256("SHA-512-256", "SHA-512/256"),
  /** For old clients; broken, so only where it is asked for. */
  MD5("MD5", "MD5");

  private final String token;
  private final String jcaName;

  DigestAlgorithm(String token, String jcaName) {
    this.token = token;
    this.jcaName = jcaName;
  }

  /** Returns its name on the wire. */
  public String token() {
    return token;
  }

  /** Returns how many hex digits a hash has. */
  int hexLength() {
    return digest().getDigestLength() * 2;
  }

  /** Returns H({@code data}) in lower-case hex digits, as RFC 7616 puts hashes together. */
  public String hex(byte[] data) {
    return HexFormat.of().formatHex(digest().digest(data));
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java lacks " + jcaName, e);
    }
  }

  /**
   * A value of the parameter {@code algorithm}; immutable.
   *
   * @param session whether A1 is bound to nonce and cnonce ({@code -sess})
   */
  public record Variant(DigestAlgorithm algorithm, boolean session) {
    private static final String SESSION = "-SESS";

    /** Returns its name on the wire, such as {@code SHA-256-sess}. */
    public String token() {
      return session ? algorithm.token() + "-sess" : algorithm.token();
    }

    /** Returns the variant that {@code token} names in any case, or null. */
    public static @Nullable Variant parse(String token) {
      String upper = token.toUpperCase(Locale.ROOT);
      boolean session = upper.endsWith(SESSION);
      String base = session ? upper.substring(0, upper.length() - SESSION.length()) : upper;
      for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
        if (algorithm.token().equals(base)) {
          return new Variant(algorithm, session);
        }
      }
      return null;
    }
  }
}
