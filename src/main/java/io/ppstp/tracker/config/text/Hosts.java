package io.ppstp.tracker.config.text;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be said of a configured host without asking the DNS. */
public final class Hosts {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 =
      Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?");

  private Hosts() {}

  /** Returns whether {@code host} is {@code localhost} or a loopback address. */
  public static boolean isLoopback(String host) {
    InetAddress address = literal(host);
    return host.equalsIgnoreCase("localhost") || (address != null && address.isLoopbackAddress());
  }

  /** Returns whether {@code host} is an IPv6 address, perhaps with a zone. */
  public static boolean isIpv6(String host) {
    return host.indexOf(':') >= 0 && literal(host) != null;
  }

  /** Returns whether {@code text} is an IP address, or one with a slash and a number of bits. */
  public static boolean isRange(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    InetAddress address = host.indexOf('%') >= 0 ? null : literal(host);
    if (address == null || slash < 0) {
      return address != null;
    }
    String bits = text.substring(slash + 1);
    return bits.matches("0|[1-9][0-9]{0,2}")
        && Integer.parseInt(bits) <= (host.indexOf(':') < 0 ? 32 : 128);
  }

  /** Returns whether listening on both hosts at one port would fail. */
  public static boolean overlap(String one, String other) {
    return isAny(one) || isAny(other) || canonical(one).equals(canonical(other));
  }

  private static boolean isAny(String host) {
    InetAddress address = literal(host);
    return address != null && address.isAnyLocalAddress();
  }

  private static String canonical(String host) {
    InetAddress address = literal(host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host);
    return address == null ? host.toLowerCase(Locale.ROOT) : address.getHostAddress();
  }

  /** Returns the address that {@code host} spells, or null if it is a name. */
  private static @Nullable InetAddress literal(String host) {
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      return null;
    }
    try {
      // A literal is never looked up. The zone is left out, for its interface may not exist here.
      int zone = host.indexOf('%');
      return InetAddress.getByName(zone < 0 ? host : host.substring(0, zone));
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
