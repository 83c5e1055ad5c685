package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestException.Fault;
import io.ppstp.tracker.security.digest.DigestFields.UserNames;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.Credentials;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to prove that it knows a password (RFC 7616, Section 3.4), complete and well
 * formed. Immutable by agreement: the bytes are not copied.
 */
public final class DigestCredentials implements Credentials {
  private static final int COUNT_DIGITS = 8;

  private final Variant variant;
  private final String user;
  private final boolean userHashed;
  private final String realm;
  private final String nonce;
  private final String uri;
  private final byte[] response;
  private final String cnonce;
  private final String count;
  private final boolean integrity;
  private final String method;
  private final byte[] body;

  private DigestCredentials(DigestFields fields, String method, byte[] body)
      throws DigestException {
    this.variant = variant(fields);
    this.userHashed = flag(fields.get("userhash"));
    this.user = UserNames.of(fields, userHashed);
    this.realm = fields.require("realm");
    this.nonce = ascii(fields.require("nonce"));
    this.uri = fields.require("uri");
    this.response = response(fields.require("response"), variant.algorithm());
    this.cnonce = ascii(fields.require("cnonce"));
    this.count = count(fields.require("nc"));
    this.integrity = integrity(fields.require("qop"));
    this.method = method;
    this.body = body;
  }

  /**
   * Reads the credentials of {@code attempt}.
   *
   * @throws DigestException if they are incomplete or malformed, or made for another target
   */
  static DigestCredentials of(AuthAttempt attempt) throws DigestException {
    DigestFields fields =
        DigestFields.parse(Objects.requireNonNullElse(attempt.authorization(), ""));
    DigestCredentials credentials = new DigestCredentials(fields, attempt.method(), attempt.body());
    if (!Targets.same(credentials.uri, attempt.target())) {
      throw new DigestException(Fault.OTHER_TARGET);
    }
    return credentials;
  }

  /** RFC 7616, Section 3.4: without the parameter, it is MD5. */
  private static Variant variant(DigestFields fields) throws DigestException {
    String token = fields.get("algorithm");
    Variant variant =
        token == null ? new Variant(DigestAlgorithm.MD5, false) : Variant.parse(token);
    if (variant == null) {
      throw new DigestException(Fault.OTHER_ALGORITHM);
    }
    return variant;
  }

  private static boolean flag(@Nullable String value) throws DigestException {
    if (value == null || value.equalsIgnoreCase("false")) {
      return false;
    }
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    throw DigestFields.malformed();
  }

  private static byte[] response(String hex, DigestAlgorithm algorithm) throws DigestException {
    try {
      if (hex.length() == algorithm.hexLength()) {
        return HexFormat.of().parseHex(hex);
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw DigestFields.malformed();
  }

  private static String ascii(String value) throws DigestException {
    if (value.isEmpty() || !US_ASCII.newEncoder().canEncode(value)) {
      throw DigestFields.malformed();
    }
    return value;
  }

  private static String count(String digits) throws DigestException {
    boolean hex = digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    if (digits.length() != COUNT_DIGITS || !hex || digits.equals("00000000")) {
      throw DigestFields.malformed();
    }
    return digits;
  }

  private static boolean integrity(String qop) throws DigestException {
    return switch (qop.toLowerCase(Locale.ROOT)) {
      case "auth" -> false;
      case "auth-int" -> true;
      default -> throw DigestFields.malformed();
    };
  }

  Variant variant() {
    return variant;
  }

  /** Returns the user's name, or its hash. */
  String user() {
    return user;
  }

  boolean isUserHashed() {
    return userHashed;
  }

  String realm() {
    return realm;
  }

  String nonce() {
    return nonce;
  }

  /** Returns the response, decoded from hex digits. */
  byte[] response() {
    return response;
  }

  String cnonce() {
    return cnonce;
  }

  /** Returns the nonce count as it was written, eight hex digits. */
  String countDigits() {
    return count;
  }

  long count() {
    return Long.parseLong(count, 16);
  }

  /** Returns whether the body is part of what is proved (auth-int). */
  boolean coversBody() {
    return integrity;
  }

  /** Returns the response that proves {@code secret}, H(user:realm:password), in hex digits. */
  String expectedResponse(String secret) {
    return proof(secret, method + ":" + uri, body);
  }

  /** Returns the rspauth of an answer with {@code responseBody} (RFC 7616, Section 3.5). */
  String responseAuth(String secret, byte[] responseBody) {
    return proof(secret, ":" + uri, responseBody);
  }

  private String proof(String secret, String a2, byte[] covered) {
    DigestAlgorithm h = variant.algorithm();
    String a1 =
        variant.session()
            ? h.hex((secret + ":" + nonce + ":" + cnonce).getBytes(ISO_8859_1))
            : secret;
    String whole = integrity ? a2 + ":" + h.hex(covered) : a2;
    String data =
        nonce
            + ":"
            + count
            + ":"
            + cnonce
            + (integrity ? ":auth-int:" : ":auth:")
            + h.hex(whole.getBytes(ISO_8859_1));
    return h.hex((a1 + ":" + data).getBytes(ISO_8859_1));
  }

  /** Returns what is no secret of it. */
  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("realm", realm)
        .put("algorithm", variant.token())
        .put("qop", integrity ? "auth-int" : "auth")
        .put("nc", count);
  }

  /** Says nothing about the user: people type passwords where names belong. */
  @Override
  public String toString() {
    return toJson().encode();
  }

  /** Compares request targets. Stateless. */
  static final class Targets {
    private static final String AUTHORITY_MARK = "://";

    private Targets() {}

    /**
     * Returns whether both name the same resource. A proxy may have made the origin form of an
     * absolute one, or the other way round, so scheme and authority are left out.
     */
    static boolean same(String one, String other) {
      return originForm(one).equals(originForm(other));
    }

    private static String originForm(String target) {
      int mark = target.indexOf(AUTHORITY_MARK);
      if (mark <= 0 || !target.substring(0, mark).chars().allMatch(Targets::isSchemeCharacter)) {
        return target;
      }
      for (int i = mark + AUTHORITY_MARK.length(); i < target.length(); i++) {
        char c = target.charAt(i);
        if (c == '/') {
          return target.substring(i);
        }
        if (c == '?') {
          return "/" + target.substring(i);
        }
      }
      return "/";
    }

    private static boolean isSchemeCharacter(int c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
    }
  }
}
