package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the accounts file: fields {@code name=value} with spaces between them, in which a
 * space, a percent sign and control characters are written {@code %} and two hex digits of UTF-8.
 * Stateless.
 */
final class AccountLine {
  private static final String USER = "user";
  private static final String REALM = "realm";
  private static final String PEER = "peer";
  private static final String SWARM = "swarm";
  private static final String ROLE = "role";
  private static final String CACHE = "cache";
  private static final int HEX = 16;

  private AccountLine() {}

  /** Returns whether {@code line} holds no account: it is empty or a comment. */
  static boolean isBlank(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#");
  }

  static String write(Account account) {
    StringBuilder line = new StringBuilder();
    field(line, USER, account.name());
    field(line, REALM, account.realm());
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      String secret = account.secrets().get(algorithm);
      if (secret != null) {
        field(line, key(algorithm), secret);
      }
    }
    account.peerIds().forEach(pattern -> field(line, PEER, pattern));
    account.swarms().forEach(pattern -> field(line, SWARM, pattern));
    if (account.edgeCache()) {
      field(line, ROLE, CACHE);
    }
    return line.toString();
  }

  private static void field(StringBuilder line, String name, String value) {
    if (!line.isEmpty()) {
      line.append(' ');
    }
    line.append(name).append('=');
    value.codePoints().forEach(c -> character(line, c));
  }

  private static void character(StringBuilder line, int c) {
    if (c != '%'
        && !Character.isWhitespace(c)
        && !Character.isISOControl(c)
        && !Character.isSpaceChar(c)) {
      line.appendCodePoint(c);
      return;
    }
    for (byte b : Character.toString(c).getBytes(UTF_8)) {
      line.append(String.format(Locale.ROOT, "%%%02X", b));
    }
  }

  private static String key(DigestAlgorithm algorithm) {
    return algorithm.token().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is wrong, in words that do not repeat its secrets
   */
  static Account read(String line) throws IOException {
    String name = null;
    String realm = null;
    Map<DigestAlgorithm, String> secrets = new EnumMap<>(DigestAlgorithm.class);
    List<String> peerIds = new ArrayList<>();
    List<String> swarms = new ArrayList<>();
    String role = null;
    for (String field : line.strip().split("[ \t]+", -1)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? "" : field.substring(0, equals);
      String value = decoded(field.substring(equals + 1));
      switch (key) {
        case USER -> name = once(name, value, key);
        case REALM -> realm = once(realm, value, key);
        case PEER -> peerIds.add(value);
        case SWARM -> swarms.add(value);
        case ROLE -> role = once(role, value, key);
        default -> secret(secrets, key, value);
      }
    }
    if (name == null || name.isEmpty() || realm == null || realm.isEmpty() || secrets.isEmpty()) {
      throw new IOException("needs user=, realm= and a hash such as sha-256=");
    }
    if (peerIds.isEmpty() && name.indexOf('*') >= 0) {
      throw new IOException("a user with * in its name needs peer=, for * there is a pattern");
    }
    if (role != null && !role.equals(CACHE)) {
      throw new IOException("role= is cache or left out");
    }
    return new Account(name, realm, secrets, peerIds, swarms, role != null);
  }

  private static String once(@Nullable String before, String value, String key) throws IOException {
    if (before != null) {
      throw new IOException(key + "= is written twice");
    }
    return value;
  }

  private static void secret(Map<DigestAlgorithm, String> secrets, String key, String value)
      throws IOException {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      if (key(algorithm).equals(key)) {
        if (!value.matches("[0-9a-f]{" + algorithm.hexLength() + "}")) {
          throw new IOException(
              key + "= needs " + algorithm.hexLength() + " hex digits in lower case");
        }
        if (secrets.put(algorithm, value) != null) {
          throw new IOException(key + "= is written twice");
        }
        return;
      }
    }
    throw new IOException(
        "each field must be one of user=, realm=, sha-256=, sha-512-256=, md5=, peer=, swarm=");
  }

  private static String decoded(String value) throws IOException {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] bytes = value.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], HEX) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], HEX) : -1;
      if (high < 0 || low < 0) {
        throw new IOException("after % two hex digits must come; write %25 for %");
      }
      out.write(high * HEX + low);
      i += 2;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("what is written with % is not UTF-8", e);
    }
  }
}
