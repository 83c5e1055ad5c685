package io.ppstp.tracker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.testing.Authority;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate it is, and which peer IDs that gives. */
class CertificateSchemeTest {
  private static final Verdict REFUSED =
      Verdict.denied(ErrorCode.AUTHENTICATION_REQUIRED, List.of());

  @TempDir private Path folder = Path.of("set by JUnit");

  private final Instant now = Instant.now();

  @Test
  void theCommonNameIsThePeerIdWhereNothingElseIsNamed() throws Exception {
    Identity identity = identity("C=SE, O=Peers, CN=viewer-1", builder -> builder);

    assertEquals("viewer-1", identity.name());
    assertTrue(identity.peerIds().allows("viewer-1"));
    assertFalse(identity.peerIds().allows("viewer-2"));
    assertTrue(identity.swarms().allows("any swarm"));
  }

  @Test
  void alternativeNamesGoBeforeTheCommonName() throws Exception {
    Identity identity =
        identity(
            "CN=viewer-1",
            builder -> builder.addSanDnsName("a.example").addSanUriName(uri("urn:peer:7")));

    assertEquals("a.example", identity.name());
    assertTrue(identity.peerIds().allows("a.example"));
    assertTrue(identity.peerIds().allows("urn:peer:7"));
    assertFalse(identity.peerIds().allows("viewer-1"));
  }

  @Test
  void aStarInANameIsButACharacter() throws Exception {
    Identity identity = identity("CN=*", builder -> builder);

    assertFalse(identity.peerIds().allows("viewer-1"));
    assertTrue(identity.peerIds().allows("*"));
  }

  @Test
  void aCertificateThatRanOutOnAnOpenConnectionIsRefused() throws Exception {
    X509Certificate certificate = certificate("CN=viewer-1", builder -> builder);

    assertEquals(REFUSED, judge(certificate, now.plus(Duration.ofDays(2))));
    assertEquals(REFUSED, judge(certificate, now.minus(Duration.ofDays(2))));
  }

  @Test
  void aCertificateThatNamesNobodyIsRefused() throws Exception {
    assertEquals(REFUSED, judge(certificate("O=Peers", builder -> builder), now));
  }

  @Test
  void credentialsOfTheRequestGoBeforeTheConnections() throws Exception {
    X509Certificate certificate = certificate("CN=viewer-1", builder -> builder);
    CertificateScheme scheme = new CertificateScheme(InstantSource.fixed(now), new Audit());

    assertTrue(scheme.claims(attempt(null, certificate)));
    assertFalse(scheme.claims(attempt("Bearer x", certificate)));
    assertFalse(scheme.claims(attempt(null, null)));
  }

  private static URI uri(String text) {
    return URI.create(text);
  }

  private Identity identity(String subject, UnaryOperator<CertificateBuilder> more)
      throws Exception {
    Verdict verdict = judge(certificate(subject, more), now);
    return ((AuthState.Authenticated) verdict.authState()).identity();
  }

  private X509Certificate certificate(String subject, UnaryOperator<CertificateBuilder> more)
      throws Exception {
    return Authority.found(folder, "test").issue(subject, more).getCertificate();
  }

  private static Verdict judge(X509Certificate certificate, Instant at) {
    return new CertificateScheme(InstantSource.fixed(at), new Audit())
        .judge(attempt(null, certificate))
        .result();
  }

  private static AuthAttempt attempt(
      @Nullable String authorization, @Nullable X509Certificate certificate) {
    IpAddress client = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
    return new AuthAttempt("POST", "/", authorization, new byte[0], certificate, client);
  }
}
