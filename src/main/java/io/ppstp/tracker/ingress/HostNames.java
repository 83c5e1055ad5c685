package io.ppstp.tracker.ingress;

/** The syntax of the part of a URI that names a server (RFC 3986, Section 3.2). Stateless. */
final class HostNames {
  private static final String SIGNS_OF_NAMES = "-._~%!$&'()*+,;=";
  private static final int LONGEST = 512;

  private HostNames() {}

  /** Returns whether {@code text} is a host with or without a port, and nothing else. */
  static boolean isAuthority(String text) {
    int end = text.startsWith("[") ? endOfLiteral(text) : endOfName(text);
    if (end <= 0 || text.length() > LONGEST) {
      return false;
    }
    if (end == text.length()) {
      return true;
    }
    if (text.charAt(end) != ':') {
      return false;
    }
    for (int i = end + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() - end <= 6;
  }

  private static int endOfName(String text) {
    int at = 0;
    while (at < text.length()
        && (isLetterOrDigit(text.charAt(at)) || SIGNS_OF_NAMES.indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  private static int endOfLiteral(String text) {
    int close = text.indexOf(']');
    for (int i = 1; i < close; i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != ':' && c != '.' && c != '%' && c != '-') {
        return -1;
      }
    }
    return close > 1 ? close + 1 : -1;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Returns what stands in {@code uri} from {@code start} to its path, query or end. */
  static String authorityAt(String uri, int start) {
    int end = start;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return uri.substring(start, end);
  }
}
