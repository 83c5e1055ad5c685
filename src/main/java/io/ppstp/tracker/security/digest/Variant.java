package io.ppstp.tracker.security.digest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
