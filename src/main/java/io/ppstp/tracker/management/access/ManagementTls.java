package io.ppstp.tracker.management.access;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the management port shows in TLS handshakes and whom it trusts; immutable by agreement.
 *
 * @param certificate its chain and key, by value
 * @param clientCa the authorities of operators' certificates, null if none are asked for
 */
public record ManagementTls(PemKeyCertOptions certificate, @Nullable PemTrustOptions clientCa) {

  /** Lets {@code options} have it. Who has no certificate may have a token, or ask for health. */
  public HttpServerOptions put(HttpServerOptions options) {
    options
        .setSsl(true)
        .setKeyCertOptions(certificate)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    if (clientCa != null) {
      options.setTrustOptions(clientCa).setClientAuth(ClientAuth.REQUEST);
    }
    return options;
  }
}
