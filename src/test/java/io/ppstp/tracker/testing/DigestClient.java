package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's side of HTTP Digest, written from RFC 7616 and apart from the tracker's. Confined to
 * one thread; each method returns this.
 */
public final class DigestClient {
  private final String user;
  private final String password;
  private String realm = "";
  private String nonce = "";
  private String algorithm = "SHA-256";
  private String qop = "auth";
  private String cnonce = "0a4f113b";
  private String method = "POST";
  private String uri = "/";
  private byte[] body = new byte[0];
  private boolean hashed;
  private long count;

  /** Makes a client of a user. */
  public DigestClient(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /** Takes realm, nonce and algorithm from a challenge, or from many in one field the first. */
  public DigestClient challenged(String challenge) {
    realm = parameter(challenge, "realm");
    algorithm = parameter(challenge, "algorithm");
    return nonce(parameter(challenge, "nonce"));
  }

  /** Returns the first parameter of that name in a field, without quotes. */
  public static String parameter(String field, String name) {
    Matcher matcher =
        Pattern.compile("(?:^|[ ,])" + name + "=(?:\"([^\"]*)\"|([^\", ]*))").matcher(field);
    if (!matcher.find()) {
      throw new AssertionError("no " + name + " in " + field);
    }
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }

  /** Sets the realm. */
  public DigestClient realm(String value) {
    realm = value;
    return this;
  }

  /** Sets the nonce and begins to count anew. */
  public DigestClient nonce(String value) {
    nonce = value;
    count = 0;
    return this;
  }

  /** Sets the algorithm. */
  public DigestClient algorithm(String value) {
    algorithm = value;
    return this;
  }

  /** Sets the quality of protection. */
  public DigestClient qop(String value) {
    qop = value;
    return this;
  }

  /** Sets the client's nonce. */
  public DigestClient cnonce(String value) {
    cnonce = value;
    return this;
  }

  /** Hides the user's name. */
  public DigestClient hashed() {
    hashed = true;
    return this;
  }

  /** Sets method and target of the next requests. */
  public DigestClient target(String newMethod, String newUri) {
    method = newMethod;
    uri = newUri;
    return this;
  }

  /** Sets the body of the next requests. */
  public DigestClient body(byte[] bytes) {
    body = bytes;
    return this;
  }

  /** Returns the value of Authorization for the next request. */
  public String next() {
    return with(++count);
  }

  /** Returns the value of Authorization with a count of its own. */
  public String with(long ownCount) {
    String nc = String.format("%08x", ownCount);
    String name = hashed ? h(utf8(user + ":" + realm)) : new String(utf8(user), ISO_8859_1);
    return "Digest username=\""
        + name.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\", realm=\""
        + realm
        + "\", uri=\""
        + uri
        + "\", algorithm="
        + algorithm
        + ", nonce=\""
        + nonce
        + "\", nc="
        + nc
        + ", cnonce=\""
        + cnonce
        + "\", qop="
        + qop
        + ", response=\""
        + response(nc, method + ":" + uri, body)
        + '"'
        + (hashed ? ", userhash=true" : "");
  }

  /** Returns the rspauth that a server must send with this response. */
  public String expectedResponseAuth(long ownCount, byte[] responseBody) {
    return response(String.format("%08x", ownCount), ":" + uri, responseBody);
  }

  private String response(String nc, String a2, byte[] covered) {
    String a1 = h(utf8(user + ":" + realm + ":" + password));
    if (algorithm.endsWith("-sess")) {
      a1 = h(utf8(a1 + ":" + nonce + ":" + cnonce));
    }
    String ha2 = h(utf8(qop.equals("auth-int") ? a2 + ":" + h(covered) : a2));
    return h(utf8(String.join(":", a1, nonce, nc, cnonce, qop, ha2)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private String h(byte[] data) {
    String name =
        switch (algorithm.replace("-sess", "")) {
          case "SHA-256" -> "SHA-256";
          case "SHA-512-256" -> "SHA-512/256";
          case "MD5" -> "MD5";
          default -> throw new AssertionError(algorithm);
        };
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
