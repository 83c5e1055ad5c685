package io.ppstp.tracker.security.bearer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
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

  /**
   * The claims of a token, read as what they should be: a claim of another type counts as absent.
   * Immutable by agreement.
   */
  record Claims(JsonObject json) {

    /** Reads a JSON object, or returns null if {@code json} is none. */
    static @Nullable Claims parse(Buffer json) {
      try {
        return Json.decodeValue(json) instanceof JsonObject object ? new Claims(object) : null;
      } catch (DecodeException e) {
        return null;
      }
    }

    /** Returns a text that is not empty, or null. */
    @Nullable String text(String name) {
      return json.getValue(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** Returns whether a claim is there, of whatever type. */
    boolean has(String name) {
      return json.containsKey(name);
    }

    /** Returns whether a claim is the literal {@code true}. */
    boolean isTrue(String name) {
      return Boolean.TRUE.equals(json.getValue(name));
    }

    /** Returns one text or an array of them; what is no text in an array is left out. */
    List<String> texts(String name) {
      if (json.getValue(name) instanceof JsonArray array) {
        return array.stream()
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(text -> !text.isEmpty())
            .toList();
      }
      String text = text(name);
      return text == null ? List.of() : List.of(text);
    }

    /** Returns texts, or one text of words with spaces between (RFC 6749, Section 3.3). */
    List<String> words(String name) {
      String text = text(name);
      return text == null ? texts(name) : Arrays.asList(text.split(" +", -1));
    }

    /**
     * Returns a NumericDate (RFC 7519, Section 2) in milliseconds since the epoch, cut to the range
     * of a {@code long}.
     */
    OptionalLong timeMs(String name) {
      return json.getValue(name) instanceof Number seconds && !Double.isNaN(seconds.doubleValue())
          ? OptionalLong.of((long) (seconds.doubleValue() * 1000))
          : OptionalLong.empty();
    }
  }
}
