package io.ppstp.tracker.app;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.config.TrackerConfig;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The certificates: of the HTTPS listener, and between nodes. Stateless. */
final class Certificates {
  private static final Duration SELF_SIGNED_LIFE = Duration.ofDays(30);

  private Certificates() {}

  /**
   * Tries all certificates that {@code config} names, those of the event bus too. Reads files, so
   * not for an event loop.
   *
   * @return the certificate of the HTTPS listener, null without HTTPS
   * @throws StartException if files are of no use or none can be made
   */
  static @Nullable PemKeyCertOptions of(TrackerConfig config) throws StartException {
    TrackerConfig.Cluster cluster = config.cluster();
    if (cluster.enabled() && cluster.tls().certificate().isPresent()) {
      checkBus(cluster.tls());
    }
    TrackerConfig.Https https = config.https();
    if (!https.enabled()) {
      return null;
    }
    return https.selfSigned()
        ? selfSigned()
        : ofFiles(https.certificate().orElseThrow(), https.key().orElseThrow());
  }

  private static void checkBus(TrackerConfig.Tls tls) throws StartException {
    X509Certificate[] chain =
        PemCheck.pair("cluster.tls.", tls.certificate().orElseThrow(), tls.key().orElseThrow());
    PemCheck.authority("cluster.tls.ca", tls.ca().orElseThrow(), chain);
  }

  private static PemKeyCertOptions ofFiles(Path certificate, Path key) throws StartException {
    PemCheck.pair("https.", certificate, key);
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }

  private static PemKeyCertOptions selfSigned() throws StartException {
    try {
      Instant now = Instant.now();
      X509Bundle bundle =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=ppstp-tracker, OU=self-signed, O=for trying out only")
              .notBefore(now.minus(Duration.ofMinutes(5)))
              .notAfter(now.plus(SELF_SIGNED_LIFE))
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addSanIpAddress("::1")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(bundle.getCertificatePathPEM()))
          .setKeyValue(Buffer.buffer(bundle.getPrivateKeyPEM()));
    } catch (Exception e) {
      throw new StartException("https.self-signed: no certificate could be made: " + e);
    }
  }
}
