package io.ppstp.tracker.security;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The IDs that an identity may use. Immutable.
 *
 * @param ids IDs that are allowed as they are, whatever characters they hold
 * @param patterns patterns in which {@code *} stands for any characters
 */
public record Permissions(Set<String> ids, List<String> patterns) {
  /** Allows every ID. */
  public static final Permissions ANY = new Permissions(List.of("*"));

  /** Allows no ID. */
  public static final Permissions NONE = new Permissions(List.of());

  /** Allows what matches one of {@code patterns}, which an operator or an issuer has written. */
  public Permissions(List<String> patterns) {
    this(Set.of(), patterns);
  }

  /** Copies its parts. */
  public Permissions {
    ids = Set.copyOf(ids);
    patterns = List.copyOf(patterns);
  }

  /**
   * Allows these IDs only. For names that their bearer may have chosen: a {@code *} in them is but
   * a character.
   */
  public static Permissions exactly(Collection<String> ids) {
    return new Permissions(Set.copyOf(ids), List.of());
  }

  /** Returns whether a pattern allows every ID. */
  public boolean allowAll() {
    return patterns.contains("*");
  }

  /**
   * Returns whether {@code id} is allowed; a pattern costs the product of both lengths at worst.
   */
  public boolean allows(String id) {
    if (ids.contains(id)) {
      return true;
    }
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
