package io.ppstp.tracker.app.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The throw-away certificate, read by the platform's own classes. */
class SelfSignedTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final SecureRandom RANDOM = new SecureRandom();

  private static X509Certificate certificate(PemKeyCertOptions options) throws Exception {
    try (InputStream in = new ByteArrayInputStream(options.getCertValue().getBytes())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static X509Certificate certificate(Instant now) throws Exception {
    return certificate(SelfSigned.issue(now, RANDOM));
  }

  @Test
  void itVouchesForItself() throws Exception {
    X509Certificate certificate = certificate(now);
    certificate.verify(certificate.getPublicKey());
    PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(certificate, null)));
    trust.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), trust);
    assertEquals(certificate.getIssuerX500Principal(), certificate.getSubjectX500Principal());
    assertTrue(certificate.getBasicConstraints() >= 0, "an authority");
  }

  @Test
  void itIsForTheLocalHost() throws Exception {
    Set<String> names =
        Objects.requireNonNull(certificate(now).getSubjectAlternativeNames()).stream()
            .map(name -> name.get(0) + " " + name.get(1))
            .collect(Collectors.toSet());
    assertEquals(Set.of("2 localhost", "7 127.0.0.1", "7 0:0:0:0:0:0:0:1"), names);
  }

  @Test
  void itIsGoodForAMonthInAnyCentury() throws Exception {
    for (Instant begun : List.of(now, Instant.parse("2049-12-20T00:00:00Z"))) {
      X509Certificate certificate = certificate(begun);
      assertEquals(Date.from(begun.minus(Duration.ofMinutes(5))), certificate.getNotBefore());
      assertEquals(Date.from(begun.plus(Duration.ofDays(30))), certificate.getNotAfter());
    }
  }

  @Test
  void eachHasAKeyOfItsOwn() throws Exception {
    PemKeyCertOptions one = SelfSigned.issue(now, RANDOM);
    PemKeyCertOptions other = SelfSigned.issue(now, RANDOM);
    assertNotEquals(one.getKeyValue(), other.getKeyValue());
    assertNotEquals(certificate(one).getSerialNumber(), certificate(other).getSerialNumber());
  }
}
