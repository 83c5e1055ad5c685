package io.ppstp.tracker.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A certificate authority of a test's own. Stateless but for its key. */
public final class Issuer {
  private final X509Bundle root;

  /** Makes an authority called {@code name}. */
  public Issuer(String name) throws Exception {
    root = valid().subject("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
  }

  private static CertificateBuilder valid() {
    return new CertificateBuilder()
        .ecp256()
        .notBefore(Instant.now().minus(Duration.ofHours(1)))
        .notAfter(Instant.now().plus(Duration.ofDays(1)));
  }

  /** Writes the authority's own certificate to {@code file}. */
  public Path writeTo(Path file) throws IOException {
    return Files.writeString(file, root.getCertificatePEM());
  }

  /** Issues a certificate, valid for a day unless {@code more} says otherwise. */
  public X509Bundle issue(String subject, UnaryOperator<CertificateBuilder> more) throws Exception {
    return more.apply(valid().subject(subject)).buildIssuedBy(root);
  }

  /** Issues a server's certificate for the local host. */
  public X509Bundle issueServer() throws Exception {
    return issue(
        "CN=localhost", builder -> builder.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
  }

  /** Writes a certificate and its key to two files of this name in {@code folder}. */
  public static Tls.PemFiles write(X509Bundle bundle, Path folder, String name) throws IOException {
    return new Tls.PemFiles(
        Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM()),
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM()),
        bundle.getCertificate());
  }
}
