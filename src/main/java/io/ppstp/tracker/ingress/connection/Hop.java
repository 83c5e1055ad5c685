package io.ppstp.tracker.ingress.connection;

import io.ppstp.tracker.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a request's way through proxies, as a proxy wrote it down; immutable.
 *
 * @param port 0 if the proxy named none
 */
record Hop(IpAddress ip, int port) {
  /** Nobody stands behind more proxies than this; what else a header holds is not looked at. */
  private static final int MOST_HOPS = 32;

  private static final int MOST_PORT = 65535;

  /**
   * Returns the hops of {@code X-Forwarded-For}, the nearest first; null stands for what is no
   * address.
   *
   * @param values of the field, in the order of the request
   */
  static List<@Nullable Hop> ofForwardedFor(List<String> values) {
    List<@Nullable Hop> hops = new ArrayList<>();
    for (String element : lastElements(values)) {
      hops.add(parse(element.strip()));
    }
    return hops;
  }

  /** As {@link #ofForwardedFor}, of {@code Forwarded} (RFC 7239, Section 4). */
  static List<@Nullable Hop> ofForwarded(List<String> values) {
    List<@Nullable Hop> hops = new ArrayList<>();
    for (String element : lastElements(values)) {
      hops.add(forOf(element));
    }
    return hops;
  }

  /** Returns the last elements of a list field, the last one first. */
  private static List<String> lastElements(List<String> values) {
    List<String> elements = new ArrayList<>();
    for (int i = values.size() - 1; i >= 0 && elements.size() < MOST_HOPS; i--) {
      List<String> ofField = split(values.get(i), ',');
      for (int j = ofField.size() - 1; j >= 0 && elements.size() < MOST_HOPS; j--) {
        elements.add(ofField.get(j));
      }
    }
    return elements;
  }

  /** Splits at {@code separator}, but not inside of a quoted string. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    // Whoever leaves a quotation open would have the next proxy's words for a part of it.
    parts.add(quoted ? "" : text.substring(start));
    return parts;
  }

  private static @Nullable Hop forOf(String element) {
    Hop found = null;
    boolean seen = false;
    for (String pair : split(element, ';')) {
      int equals = pair.indexOf('=');
      if (equals >= 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
        if (seen) {
          return null;
        }
        seen = true;
        found = parse(unquoted(pair.substring(equals + 1).strip()));
      }
    }
    return found;
  }

  /** An address needs no escapes, so that what has some is none. */
  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /**
   * Reads {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]:80}.
   */
  private static @Nullable Hop parse(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || text.substring(1, end).indexOf(':') < 0) {
        return null;
      }
      String rest = text.substring(end + 1);
      return of(text.substring(1, end), rest.isEmpty() ? "" : rest);
    }
    int colon = text.indexOf(':');
    boolean v4WithPort = colon >= 0 && colon == text.lastIndexOf(':');
    return v4WithPort ? of(text.substring(0, colon), text.substring(colon)) : of(text, "");
  }

  /** A port that is none, such as an obfuscated one, does not spoil the address. */
  private static @Nullable Hop of(String literal, String port) {
    IpAddress ip = IpAddress.parse(literal);
    if (ip == null || (!port.isEmpty() && port.charAt(0) != ':')) {
      return null;
    }
    int number = port.matches(":[0-9]{1,5}") ? Integer.parseInt(port.substring(1)) : 0;
    return new Hop(ip.unmapped(), number > MOST_PORT ? 0 : number);
  }
}
