package io.ppstp.tracker.app;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.config.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.ingress.TlsMaterial;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the HTTPS listener shows and whom it trusts, from its files. Stateless. */
final class Certificates {
  private static final Duration SELF_SIGNED_LIFE = Duration.ofDays(30);

  private Certificates() {}

  /**
   * Returns what {@code config} names or asks to be made. Reads files, so not for an event loop.
   *
   * @throws StartException if the files are of no use or no certificate can be made
   */
  static TlsMaterial of(TrackerConfig.Https config, Vertx vertx) throws StartException {
    PemKeyCertOptions certificate =
        config.selfSigned()
            ? selfSigned()
            : ofFiles(config.certificate().orElseThrow(), config.key().orElseThrow(), vertx);
    return new TlsMaterial(
        certificate, clientAuth(config.clientCertificates()), clientCa(config, vertx));
  }

  private static ClientAuth clientAuth(ClientCertificates asked) {
    return switch (asked) {
      case OFF -> ClientAuth.NONE;
      case REQUEST -> ClientAuth.REQUEST;
      case REQUIRE -> ClientAuth.REQUIRED;
    };
  }

  private static @Nullable PemTrustOptions clientCa(TrackerConfig.Https config, Vertx vertx)
      throws StartException {
    if (config.clientCa().isEmpty()) {
      return null;
    }
    Path file = config.clientCa().orElseThrow();
    try {
      PemTrustOptions options = new PemTrustOptions().addCertValue(read(file));
      options.getTrustManagerFactory(vertx);
      return options;
    } catch (Exception e) {
      throw new StartException(
          "https.client-ca: '%s' holds no certificate in PEM: %s".formatted(file, e.getMessage()));
    }
  }

  private static PemKeyCertOptions ofFiles(Path certificate, Path key, Vertx vertx)
      throws StartException {
    try {
      PemKeyCertOptions files =
          new PemKeyCertOptions().setCertValue(read(certificate)).setKeyValue(read(key));
      // Loaded once for nothing: a fault found while listening could not be told from one of ours.
      KeyPairs.check(files.getKeyManagerFactory(vertx));
      return files;
    } catch (Exception e) {
      throw new StartException(
          "https.certificate, https.key: '%s' and '%s' are not a certificate and its key in PEM: %s"
              .formatted(certificate, key, e.getMessage()));
    }
  }

  private static Buffer read(Path file) throws IOException {
    return Buffer.buffer(Files.readAllBytes(file));
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
