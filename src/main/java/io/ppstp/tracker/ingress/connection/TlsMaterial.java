package io.ppstp.tracker.ingress.connection;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTPS listener shows and whom it trusts; immutable by agreement.
 *
 * @param certificate its own chain and key, as values, so that other content is another certificate
 * @param clientAuth whether clients are asked for a certificate
 * @param clientCa the authorities of client certificates, null if none are asked for
 * @param clientCrl their revocation lists in PEM, null if there are none
 */
public record TlsMaterial(
    PemKeyCertOptions certificate,
    ClientAuth clientAuth,
    @Nullable PemTrustOptions clientCa,
    @Nullable Buffer clientCrl) {}
