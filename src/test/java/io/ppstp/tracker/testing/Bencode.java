package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads bencoding (BEP 3) as strictly as it is meant: numbers without leading zeros, keys in
 * ascending order and none twice, nothing behind the end. Lists, which no tracker here writes, are
 * not read. Strings have a character for each byte. Confined to one reading.
 */
public final class Bencode {
  private final String text;
  private int at;

  private Bencode(byte[] bytes) {
    text = new String(bytes, ISO_8859_1);
  }

  /**
   * Returns a dictionary whose values are {@code String}, {@code Long} or such a dictionary.
   *
   * @throws AssertionError if it is none
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> dictionary(byte[] bytes) {
    Bencode reader = new Bencode(bytes);
    try {
      Object read = reader.value();
      if (reader.at == reader.text.length() && read instanceof Map<?, ?> map) {
        return (Map<String, Object>) map;
      }
    } catch (IndexOutOfBoundsException e) {
      throw new AssertionError("cut: " + reader.text, e);
    }
    throw new AssertionError("not one dictionary: " + reader.text);
  }

  /** Returns the string of a key, which there has to be. */
  public static String text(Map<String, Object> dictionary, String key) {
    if (dictionary.get(key) instanceof String text) {
      return text;
    }
    throw new AssertionError("no " + key + ": " + dictionary);
  }

  private Object value() {
    char first = text.charAt(at);
    if (first == 'i') {
      at++;
      return number('e');
    }
    if (first != 'd') {
      return string();
    }
    at++;
    Map<String, Object> map = new LinkedHashMap<>();
    String before = "";
    while (text.charAt(at) != 'e') {
      String key = string();
      if (!map.isEmpty() && key.compareTo(before) <= 0) {
        throw new AssertionError(key + " stands behind " + before + ": " + text);
      }
      before = key;
      map.put(key, value());
    }
    at++;
    return map;
  }

  private String string() {
    int length = (int) number(':');
    at += length;
    return text.substring(at - length, at);
  }

  private long number(char end) {
    int to = text.indexOf(end, at);
    String digits = text.substring(at, to);
    if (!digits.matches("0|-?[1-9][0-9]{0,17}")) {
      throw new AssertionError("no number: " + digits + " in " + text);
    }
    at = to + 1;
    return Long.parseLong(digits);
  }
}
