package io.ppstp.tracker.tap.syslog;

import io.ppstp.tracker.tap.BatchRules;
import io.ppstp.tracker.tap.TapException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of syslog messages, and how to come to it; immutable.
 *
 * @param tls whether over TLS (RFC 5425), else over UDP (RFC 5426)
 * @param authorities who signs its certificate; null for whom Java trusts
 * @param certificate that is shown to it, null for none
 * @param key of that certificate
 */
public record SyslogTarget(
    boolean tls,
    String host,
    int port,
    @Nullable Path authorities,
    @Nullable Path certificate,
    @Nullable Path key) {
  private static final String SCHEME = "syslog:";
  private static final String SUCH_AS =
      "--to must be such as syslog:udp://log-1:514 or syslog:tls://log-1:6514";
  private static final int UDP_PORT = 514;
  private static final int TLS_PORT = 6514;
  private static final int CONNECT_MS = 10_000;
  private static final int BATCH_BYTES = 64 << 10;
  private static final int BATCH_EVENTS = 256;

  /**
   * Reads {@code syslog:udp://HOST[:PORT]} or {@code syslog:tls://HOST[:PORT]}.
   *
   * @throws TapException with what is wrong with it
   */
  public static SyslogTarget of(
      String url, @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key)
      throws TapException {
    URI uri = uri(url);
    boolean tls = "tls".equals(uri.getScheme());
    String host = uri.getHost();
    String path = uri.getRawPath();
    if ((!tls && !"udp".equals(uri.getScheme()))
        || host == null
        || uri.getRawUserInfo() != null
        || (path != null && !path.isEmpty() && !path.equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() > 0xffff) {
      throw new TapException(SUCH_AS);
    }
    if ((certificate == null) != (key == null)) {
      throw new TapException("--certificate and --key belong together");
    }
    for (Path file : new @Nullable Path[] {authorities, certificate, key}) {
      if (file != null && !Files.isReadable(file)) {
        throw new TapException("cannot read " + file);
      }
    }
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : UDP_PORT;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new SyslogTarget(tls, bare, port, authorities, certificate, key);
  }

  private static URI uri(String url) throws TapException {
    try {
      return new URI(url.startsWith(SCHEME) ? url.substring(SCHEME.length()) : "");
    } catch (URISyntaxException e) {
      throw new TapException(SUCH_AS);
    }
  }

  /** Returns how events are put together: few at a time, for a receiver may be slow. */
  public static BatchRules rules(long mostBytes) {
    return new BatchRules(BATCH_BYTES, BATCH_EVENTS, Duration.ZERO, mostBytes);
  }

  /** Returns the options of a connection to it. */
  NetClientOptions clientOptions() {
    NetClientOptions options = new NetClientOptions();
    options.setConnectTimeout(CONNECT_MS);
    options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
    if (authorities != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
    }
    if (certificate != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString()));
    }
    return options;
  }

  /** Returns it in words for the user. */
  String where() {
    return SCHEME + (tls ? "tls" : "udp") + "://" + host + ":" + port;
  }
}
