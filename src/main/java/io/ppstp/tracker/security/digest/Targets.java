package io.ppstp.tracker.security.digest;

/** Compares request targets. Stateless. */
final class Targets {
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
