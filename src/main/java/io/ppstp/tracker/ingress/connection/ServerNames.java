package io.ppstp.tracker.ingress.connection;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The names that a client may ask for in the TLS handshake (RFC 6066, Section 3); of any other it
 * is told that it is not recognized. Immutable.
 */
final class ServerNames extends SNIMatcher {
  private final Set<String> names;

  private ServerNames(Set<String> names) {
    super(StandardConstants.SNI_HOST_NAME);
    this.names = names;
  }

  /**
   * Returns what lets {@code names} in, in which {@code *.} stands for one label; null for none.
   */
  static @Nullable ServerNames of(List<String> names) {
    return names.isEmpty() ? null : new ServerNames(Set.copyOf(names));
  }

  @Override
  public boolean matches(SNIServerName asked) {
    try {
      String name = new SNIHostName(asked.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT);
      int dot = name.indexOf('.');
      return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
