package io.ppstp.tracker.security;

import java.util.List;

/**
 * The IDs that an identity may use: exact ones, and patterns in which {@code *} stands for any
 * characters. Immutable.
 *
 * @param patterns an ID is allowed if it matches one of them
 */
public record Allowance(List<String> patterns) {
  /** Allows every ID. */
  public static final Allowance ANY = new Allowance(List.of("*"));

  /** Allows no ID. */
  public static final Allowance NONE = new Allowance(List.of());

  /** Copies {@code patterns}. */
  public Allowance {
    patterns = List.copyOf(patterns);
  }

  /**
   * Returns whether {@code id} matches a pattern, in time proportional to both lengths at worst.
   */
  public boolean allows(String id) {
    for (String pattern : patterns) {
      if (matches(pattern, id)) {
        return true;
      }
    }
    return false;
  }

  /** Greedy with one point of return, so that no pattern takes exponential time. */
  private static boolean matches(String pattern, String id) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < id.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < pattern.length() && pattern.charAt(at) == id.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }
}
