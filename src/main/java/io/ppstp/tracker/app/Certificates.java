package io.ppstp.tracker.app;

import io.ppstp.tracker.config.ClientCertificates;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.TlsMaterial;
import io.ppstp.tracker.security.ClientTrust;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates: of the HTTPS listener and its clients, and between nodes. Stateless. */
final class Certificates {
  private Certificates() {}

  /**
   * Tries the certificates of the event bus between nodes, if it has any. Reads files, so not for
   * an event loop.
   *
   * @throws StartException if files are of no use
   */
  static void checkBus(ClusterConfig cluster) throws StartException {
    ClusterConfig.Tls tls = cluster.tls();
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
  static Https of(TrackerConfig.Https https) throws StartException {
    return of(https, null);
  }

  /**
   * As {@link #of(TrackerConfig.Https)}, when there is something to replace.
   *
   * @param made the self-signed certificate so far, which stays; null if one is to be made
   */
  static Https of(TrackerConfig.Https https, @Nullable PemKeyCertOptions made)
      throws StartException {
    PemKeyCertOptions certificate =
        https.selfSigned()
            ? made == null ? selfSigned() : made
            : PemCheck.pair("https.", https.certificate().orElseThrow(), https.key().orElseThrow())
                .options();
    ClientAuth clientAuth = clientAuth(https.clientCertificates());
    if (https.clientCa().isEmpty()) {
      TlsMaterial tls = new TlsMaterial(certificate, clientAuth, null, null);
      return new Https(tls, new ClientTrust(List.of(), List.of()));
    }
    PemCheck.Authorities authorities =
        PemCheck.authorities("https.client-ca", https.clientCa().orElseThrow());
    Revocations revocations = Revocations.NONE;
    if (https.clientCrl().isPresent()) {
      revocations =
          Revocations.read(
              "https.client-crl", https.clientCrl().orElseThrow(), authorities.certificates());
    }
    return new Https(
        new TlsMaterial(certificate, clientAuth, authorities.options(), revocations.pem()),
        new ClientTrust(authorities.certificates(), revocations.lists()));
  }

  /**
   * What the HTTPS listener goes by.
   *
   * @param tls in handshakes
   * @param trust with each request, by the same files
   */
  record Https(TlsMaterial tls, ClientTrust trust) {}

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
