package io.ppstp.tracker.app;

import io.ppstp.tracker.config.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.TlsMaterial;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;

/** The certificates: of the HTTPS listener and its clients, and between nodes. Stateless. */
final class Certificates {
  private Certificates() {}

  /**
   * Tries the certificates of the event bus between nodes, if it has any. Reads files, so not for
   * an event loop.
   *
   * @throws StartException if files are of no use
   */
  static void checkBus(TrackerConfig.Cluster cluster) throws StartException {
    TrackerConfig.Tls tls = cluster.tls();
    if (cluster.enabled() && tls.certificate().isPresent()) {
      PemCheck.Pair own =
          PemCheck.pair("cluster.tls.", tls.certificate().orElseThrow(), tls.key().orElseThrow());
      PemCheck.authority("cluster.tls.ca", tls.ca().orElseThrow(), own.chain());
    }
  }

  /**
   * Returns what the HTTPS listener shows and whom it trusts, read from the files that {@code
   * https} names or made if it asks for that. Not for an event loop.
   *
   * @throws StartException if files are of no use or none can be made
   */
  static TlsMaterial of(TrackerConfig.Https https) throws StartException {
    PemKeyCertOptions certificate =
        https.selfSigned()
            ? selfSigned()
            : PemCheck.pair("https.", https.certificate().orElseThrow(), https.key().orElseThrow())
                .options();
    return new TlsMaterial(
        certificate,
        clientAuth(https.clientCertificates()),
        https.clientCa().isPresent()
            ? PemCheck.authorities("https.client-ca", https.clientCa().orElseThrow())
            : null);
  }

  private static ClientAuth clientAuth(ClientCertificates asked) {
    return switch (asked) {
      case OFF -> ClientAuth.NONE;
      case REQUEST -> ClientAuth.REQUEST;
      case REQUIRE -> ClientAuth.REQUIRED;
    };
  }

  private static PemKeyCertOptions selfSigned() throws StartException {
    try {
      return SelfSigned.issue(Instant.now(), new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new StartException("https.self-signed: no certificate could be made: " + e);
    }
  }
}
