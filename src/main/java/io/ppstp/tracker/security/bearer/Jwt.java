package io.ppstp.tracker.security.bearer;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A signed JSON Web Token (RFC 7519) in the compact form, of which nothing has been verified.
 * Immutable by agreement.
 *
 * @param algorithm the {@code alg} of its header
 * @param keyId the {@code kid} of its header, null if there is none
 * @param text the token itself; never to be logged
 */
record Jwt(String algorithm, @Nullable String keyId, Claims claims, String text) {
  /** Longer ones do not fit into the header of a request anyway. */
  static final int LONGEST = 8192;

  // The signature is there: the library would take a token without one for unsecured.
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

  /** Other types are statements to somebody else, such as logout tokens. */
  private static final Set<String> TYPES =
      Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

  /** Reads {@code token}, or returns null if it is no such token. */
  static @Nullable Jwt parse(String token) {
    if (token.length() > LONGEST || !COMPACT.matcher(token).matches()) {
      return null;
    }
    int first = token.indexOf('.');
    Claims header = json(token.substring(0, first));
    Claims claims = json(token.substring(first + 1, token.indexOf('.', first + 1)));
    String algorithm = header == null || !isUnderstood(header) ? null : header.text("alg");
    return header == null || claims == null || algorithm == null
        ? null
        : new Jwt(algorithm, header.text("kid"), claims, token);
  }

  /** RFC 7515, Section 4.1.11: none of the extensions that "crit" could name is understood. */
  private static boolean isUnderstood(Claims header) {
    return !header.has("crit")
        && (!header.has("kid") || header.text("kid") != null)
        && header.json().getValue("typ", "JWT") instanceof String type
        && TYPES.contains(type.toLowerCase(Locale.ROOT));
  }

  private static @Nullable Claims json(String segment) {
    try {
      return Claims.parse(Buffer.buffer(Base64.getUrlDecoder().decode(segment)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
