package io.ppstp.tracker.ingress.connection;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The sockets that ingress listens on. Stateless. */
public final class Listeners {
  /** Bytes of a message at most, and of a frame. */
  public static final int MOST_WEBSOCKET_MESSAGE_BYTES = 64 << 10;

  private static final int MAX_REQUEST_LINE_BYTES = 4096;

  /** The window of {@code limits.http2.resets}. */
  private static final int RESET_WINDOW_SECONDS = 30;

  /** RFC 9325, Section 4.2: forward secret AEAD suites, and those of TLS 1.3. */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

  private Listeners() {}

  /** Returns the plain HTTP/1.1 listener. */
  public static HttpServerOptions plain(TrackerConfig config) {
    return common(config)
        .setHost(config.http().host())
        .setPort(plainPort(config))
        .setHttp2ClearTextEnabled(false);
  }

  /** Returns the HTTPS listener, which speaks HTTP/1.1 and, chosen by ALPN, HTTP/2. */
  public static HttpServerOptions tls(TrackerConfig config, TlsMaterial material) {
    HttpServerOptions options =
        common(config)
            .setHost(config.https().host())
            .setPort(tlsPort(config))
            .setSsl(true)
            .setKeyCertOptions(material.certificate())
            .setClientAuth(material.clientAuth())
            // The cryptography of a handshake takes milliseconds, which event loops do not have.
            .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true))
            .setSslHandshakeTimeout(config.limits().connections().firstRequest().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setUseAlpn(true)
            .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    if (material.clientCa() != null) {
      options.setTrustOptions(material.clientCa());
    }
    if (material.clientCrl() != null) {
      options.addCrlValue(material.clientCrl());
    }
    CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
    return options;
  }

  private static HttpServerOptions common(TrackerConfig config) {
    return new HttpServerOptions()
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) config.http().idleTimeout().toMillis())
        .setMaxHeaderSize(config.limits().headers())
        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
        .setUseProxyProtocol(config.proxy().header() == ProxyHeader.PROXY_PROTOCOL)
        .setProxyProtocolTimeout(config.limits().connections().firstRequest().toMillis())
        .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(config.limits().http2().streams())
                .setMaxHeaderListSize(config.limits().headers()))
        .setHttp2RstFloodMaxRstFramePerWindow(config.limits().http2().resets())
        .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(MOST_WEBSOCKET_MESSAGE_BYTES)
        .setMaxWebSocketMessageSize(MOST_WEBSOCKET_MESSAGE_BYTES)
        .setDecompressionSupported(false)
        .setCompressionSupported(false)
        // Which requests are traced the tracer decides, if there is one.
        .setTracingPolicy(TracingPolicy.ALWAYS);
  }

  /** Returns the port that the plain listener asks for. */
  static int plainPort(TrackerConfig config) {
    return sharedPort(config.http().port(), -1);
  }

  /** Returns the port that the HTTPS listener asks for. */
  static int tlsPort(TrackerConfig config) {
    return sharedPort(config.https().port(), -2);
  }

  /** Returns whether {@code options} are those of a listener on this host and port. */
  static boolean isFor(String host, int port, NetServerOptions options) {
    return options.getPort() == port && host.equals(options.getHost());
  }

  /** All instances share a random port if they ask for the same negative one. */
  private static int sharedPort(int port, int ifAny) {
    return port == 0 ? ifAny : port;
  }
}
