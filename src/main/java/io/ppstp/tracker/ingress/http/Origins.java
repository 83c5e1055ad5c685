package io.ppstp.tracker.ingress.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the requests of web pages that may not send any: a page could register its visitors, from
 * their addresses, in swarms that they know nothing of. Immutable.
 *
 * <p>Browsers say where a POST comes from, in {@code Origin} (RFC 6454, Section 7) and {@code
 * Sec-Fetch-Site} (Fetch Metadata), and pages cannot keep them from it. Other clients send neither.
 *
 * @param allowed origins of other sites, in lower case
 */
public record Origins(Set<String> allowed) {
  private static final CharSequence ORIGIN = HttpHeaders.ORIGIN;
  private static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");

  /** Returns whether {@code request} is from a page of another origin that is not allowed. */
  public boolean refuse(HttpServerRequest request) {
    MultiMap headers = request.headers();
    boolean said = headers.contains(ORIGIN);
    if (said && headers.getAll(ORIGIN).size() > 1) {
      return true;
    }
    String origin = said ? headers.get(ORIGIN).toLowerCase(Locale.ROOT) : null;
    if (origin != null && allowed.contains(origin)) {
      return false;
    }
    return (origin != null && !isOwn(origin, request.authority()))
        || (headers.contains(FETCH_SITE)
            && headers.getAll(FETCH_SITE).stream().anyMatch(site -> !isOwnSite(site)));
  }

  /**
   * Returns the origin of the page that sends {@code request}, null if it is none that is allowed.
   */
  @Nullable String allowed(HttpServerRequest request) {
    if (allowed.isEmpty() || !request.headers().contains(ORIGIN)) {
      return null;
    }
    List<String> origins = request.headers().getAll(ORIGIN);
    return origins.size() == 1 && allowed.contains(origins.get(0).toLowerCase(Locale.ROOT))
        ? origins.get(0)
        : null;
  }

  private static boolean isOwnSite(String site) {
    return site.equalsIgnoreCase("same-origin") || site.equalsIgnoreCase("none");
  }

  /** A proxy in front may do the TLS, so that the scheme says nothing. */
  private static boolean isOwn(String origin, @Nullable HostAndPort server) {
    for (String scheme : List.of("http://", "https://")) {
      if (server != null && origin.startsWith(scheme)) {
        HostAndPort page = HostAndPort.parseAuthority(origin.substring(scheme.length()), -1);
        return page != null
            && page.host().equalsIgnoreCase(server.host())
            && page.port() == server.port();
      }
    }
    return false;
  }
}
