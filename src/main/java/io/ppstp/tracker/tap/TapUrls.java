package io.ppstp.tracker.tap;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** Makes requests of URLs. Stateless. */
final class TapUrls {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final int CONNECT_MS = 10_000;

  private TapUrls() {}

  /** Returns the options of a request to the server of {@code url}, whose path it does not take. */
  static RequestOptions request(HttpMethod method, URI url, String target) {
    boolean tls = "https".equals(url.getScheme());
    String host = String.valueOf(url.getHost());
    RequestOptions options = new RequestOptions();
    options.setConnectTimeout(CONNECT_MS);
    options.setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    options.setPort(url.getPort() >= 0 ? url.getPort() : tls ? HTTPS_PORT : HTTP_PORT);
    options.setSsl(tls);
    return options.setMethod(method).setURI(target).setFollowRedirects(false);
  }

  /** Returns path and query as they stand in a request. */
  static String target(URI url) {
    String path = url.getRawPath();
    String query = url.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }
}
