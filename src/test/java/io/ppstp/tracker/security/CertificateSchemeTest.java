package io.ppstp.tracker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.testing.Authority;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate it is, and which peer IDs that gives. */
class CertificateSchemeTest {
  private static final Verdict REFUSED =
      Verdict.outdated(List.of("ClientCertificate realm=\"ppstp-tracker\""));

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
  void aCertificateCountsWhateverTheRequestBrings() throws Exception {
    X509Certificate certificate = certificate("CN=viewer-1", builder -> builder);
    CertificateScheme scheme =
        new CertificateScheme(() -> trust(), InstantSource.fixed(now), new Audit());

    assertTrue(scheme.claims(attempt(null, certificate)));
    assertTrue(scheme.claims(attempt("Bearer x", certificate)));
    assertFalse(scheme.claims(attempt(null, null)));
  }

  @Test
  void anOpenConnectionIsJudgedByTheTrustOfToday() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    Authority others = Authority.found(folder, "others");
    X509Certificate viewer = ours.issue("CN=viewer-1", it -> it).getCertificate();
    AtomicReference<ClientTrust> trust = new AtomicReference<>(trust(ours, others));
    CertificateScheme scheme =
        new CertificateScheme(trust::get, InstantSource.fixed(now), new Audit());
    AuthAttempt withToken = attempt("Bearer x", viewer);

    assertNull(scheme.objectionTo(withToken));
    assertNull(scheme.objectionTo(attempt(null, null)), "no certificate, no objection");
    trust.set(trust(others));
    assertEquals(REFUSED, scheme.objectionTo(withToken), "another authority");
    trust.set(trust(ours));
    assertNull(scheme.objectionTo(withToken));
    trust.set(new ClientTrust(List.of(ours.root()), lists(ours, viewer)));
    assertEquals(REFUSED, scheme.objectionTo(withToken), "revoked");
    trust.set(new ClientTrust(List.of(ours.root()), lists(others, viewer)));
    assertNull(scheme.objectionTo(withToken), "another authority's list, of the same number");
  }

  @Test
  void aRevokedAuthorityBetweenVouchesForNobody() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    X509Bundle between = ours.issue("CN=between", it -> it.setIsCertificateAuthority(true));
    X509Certificate viewer =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=viewer-1")
            .notBefore(now.minusSeconds(60))
            .notAfter(now.plusSeconds(600))
            .buildIssuedBy(between)
            .getCertificate();
    List<X509Certificate> chain = List.of(viewer, between.getCertificate());

    assertNull(trust(ours).objectionTo(chain, now));
    assertNotNull(trust(ours).objectionTo(List.of(viewer), now), "nothing between");
    List<X509CRL> lists = lists(ours, between.getCertificate());
    assertEquals(
        "the certificate is revoked",
        new ClientTrust(List.of(ours.root()), lists).objectionTo(chain, now));
  }

  private List<X509CRL> lists(Authority authority, X509Certificate... revoked) throws Exception {
    Path file = authority.revoke(folder.resolve("lists"), revoked);
    try (InputStream in = Files.newInputStream(file)) {
      return List.of((X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in));
    }
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

  private static ClientTrust trust(Authority... authorities) {
    return new ClientTrust(Stream.of(authorities).map(Authority::root).toList(), List.of());
  }

  /** As the authenticator does: an objection first. */
  private Verdict judge(X509Certificate certificate, Instant at) throws Exception {
    ClientTrust trust = new ClientTrust(List.of(certificate), List.of());
    CertificateScheme scheme =
        new CertificateScheme(() -> trust, InstantSource.fixed(at), new Audit());
    AuthAttempt attempt = attempt(null, certificate);
    Verdict objection = scheme.objectionTo(attempt);
    return objection == null ? scheme.judge(attempt).result() : objection;
  }

  private static AuthAttempt attempt(
      @Nullable String authorization, @Nullable X509Certificate certificate) {
    IpAddress client = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
    return new AuthAttempt("POST", "/", authorization, new byte[0], certificate, client);
  }
}
