package io.ppstp.tracker.webtorrent.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Twenty bytes as the protocol writes them, a text of 20 characters U+0000 to U+00FF, and as 40
 * digits of hexadecimal: hashes, peer IDs and offer IDs. Stateless.
 */
public final class Bytes20 {
  /** How many characters each has. */
  public static final int LENGTH = 20;

  private static final int HIGHEST = 0xff;
  private static final String DIGITS = "0123456789abcdef";

  private Bytes20() {}

  /** Returns whether {@code text} stands for twenty bytes. */
  public static boolean isValid(@Nullable String text) {
    if (text == null || text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (text.charAt(i) > HIGHEST) {
        return false;
      }
    }
    return true;
  }

  /** Returns the 40 digits, in lower case, of a valid text. */
  public static String hex(String text) {
    StringBuilder hex = new StringBuilder(2 * LENGTH);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      hex.append(DIGITS.charAt(c >> 4 & 0xf)).append(DIGITS.charAt(c & 0xf));
    }
    return hex.toString();
  }
}
