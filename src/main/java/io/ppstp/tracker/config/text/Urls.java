package io.ppstp.tracker.config.text;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** What can be said of a configured URL without asking the DNS. */
public final class Urls {
  private static final int MOST_PORT = 65535;

  private Urls() {}

  /** Returns whether {@code text} is meant to be a URL rather than a file. */
  public static boolean isUrl(String text) {
    return text.contains("://");
  }

  /**
   * Returns the URL that {@code text} spells, empty if it is not one of a server: http or https,
   * with a host, without user, password and fragment.
   */
  public static Optional<URI> parse(String text) {
    try {
      URI url = new URI(text);
      boolean http = "https".equalsIgnoreCase(url.getScheme()) || isPlainText(url);
      return http
              && url.getHost() != null
              && url.getPort() <= MOST_PORT
              && url.getUserInfo() == null
              && url.getFragment() == null
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Returns whether {@code url} is one of plain HTTP. */
  public static boolean isPlainText(URI url) {
    return "http".equalsIgnoreCase(url.getScheme());
  }

  /** Returns the host of {@code url} as {@link Hosts} takes it, without brackets. */
  public static String host(URI url) {
    return url.getHost().replaceAll("[\\[\\]]", "");
  }
}
