package io.ppstp.tracker.app;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.config.TrackerConfig;
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
   * Returns the certificate that {@code config} names or asks to be made, null without HTTPS.
   *
   * @throws StartException if none can be made
   */
  static @Nullable PemKeyCertOptions of(TrackerConfig.Https config) throws StartException {
    if (!config.enabled()) {
      return null;
    }
    if (config.selfSigned()) {
      return selfSigned();
    }
    return new PemKeyCertOptions()
        .setCertPath(config.certificate().orElseThrow().toString())
        .setKeyPath(config.key().orElseThrow().toString());
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
