package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test's own, for nodes, servers and peers; immutable. */
public final class Authority {
  private static final Duration LIFE = Duration.ofDays(1);

  private final Path folder;
  private final String name;
  private final X509Bundle root;

  private Authority(Path folder, String name, X509Bundle root) {
    this.folder = folder;
    this.name = name;
    this.root = root;
  }

  /** Founds an authority that keeps its files in {@code folder}. */
  public static Authority found(Path folder, String name) throws Exception {
    X509Bundle root =
        valid().subject("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
    Files.writeString(folder.resolve(name + ".crt"), root.getCertificatePEM(), US_ASCII);
    return new Authority(folder, name, root);
  }

  private static CertificateBuilder valid() {
    Instant now = Instant.now();
    return new CertificateBuilder().ecp256().notBefore(now.minus(LIFE)).notAfter(now.plus(LIFE));
  }

  /** Returns its own certificate. */
  public X509Certificate root() {
    return root.getCertificate();
  }

  /** Writes a list of the certificates that it takes back to {@code file}, at once. */
  public Path revoke(Path file, X509Certificate... revoked) throws Exception {
    Instant now = Instant.now();
    JcaX509v2CRLBuilder list =
        new JcaX509v2CRLBuilder(root.getCertificate(), Date.from(now.minusSeconds(60)));
    list.setNextUpdate(Date.from(now.plus(LIFE)));
    for (X509Certificate certificate : revoked) {
      list.addCRLEntry(certificate.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
    }
    byte[] der =
        list.build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(root.getKeyPair().getPrivate()))
            .getEncoded();
    String pem =
        "-----BEGIN X509 CRL-----\n%s\n-----END X509 CRL-----\n"
            .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), pem, US_ASCII);
    return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns the file of its own certificate. */
  public Path certificate() {
    return folder.resolve(name + ".crt");
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

  /** Issues a certificate for a node. */
  public Tls.PemFiles issue(String node) throws Exception {
    return write(issue("CN=" + node, CertificateBuilder::rsa2048), folder, name + "-" + node);
  }

  /** Issues a certificate that was good until yesterday. */
  public Tls.PemFiles issueExpired(String node) throws Exception {
    Instant yesterday = Instant.now().minus(LIFE);
    X509Bundle expired =
        issue(
            "CN=" + node,
            builder ->
                builder.rsa2048().notBefore(yesterday.minus(LIFE).minus(LIFE)).notAfter(yesterday));
    return write(expired, folder, name + "-" + node);
  }

  /** Writes a certificate and its key to two files of this name in {@code folder}. */
  public static Tls.PemFiles write(X509Bundle bundle, Path folder, String name) throws IOException {
    return new Tls.PemFiles(
        Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM(), US_ASCII),
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM(), US_ASCII),
        bundle.getCertificate());
  }
}
