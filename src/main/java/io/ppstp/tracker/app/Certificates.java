package io.ppstp.tracker.app;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.config.TrackerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The certificate of the HTTPS listener. Stateless. */
final class Certificates {
  private static final Duration SELF_SIGNED_LIFE = Duration.ofDays(30);

  private Certificates() {}

  /**
   * Returns the certificate that {@code config} names or asks to be made, null without HTTPS. Reads
   * files, so not for an event loop.
   *
   * @throws StartException if its files are of no use or none can be made
   */
  static @Nullable PemKeyCertOptions of(TrackerConfig.Https config, Vertx vertx)
      throws StartException {
    if (!config.enabled()) {
      return null;
    }
    if (config.selfSigned()) {
      return selfSigned();
    }
    return ofFiles(
        config.certificate().orElseThrow().toString(),
        config.key().orElseThrow().toString(),
        vertx);
  }

  private static PemKeyCertOptions ofFiles(String certificate, String key, Vertx vertx)
      throws StartException {
    PemKeyCertOptions files = new PemKeyCertOptions().setCertPath(certificate).setKeyPath(key);
    try {
      // Loaded once for nothing: a fault found while listening could not be told from one of ours.
      files.getKeyManagerFactory(vertx);
      return files;
    } catch (Exception e) {
      throw new StartException(
          "https.certificate, https.key: '%s' and '%s' are not a certificate and its key in PEM: %s"
              .formatted(certificate, key, e.getMessage()));
    }
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
