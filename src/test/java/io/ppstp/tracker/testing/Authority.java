package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** An authority that vouches for the nodes of one cluster; immutable. */
public final class Authority {
  private static final Duration LIFE = Duration.ofDays(1);

  private final Path folder;
  private final String name;
  private final X509Bundle bundle;

  private Authority(Path folder, String name, X509Bundle bundle) {
    this.folder = folder;
    this.name = name;
    this.bundle = bundle;
  }

  /** A certificate and its key, in PEM files. */
  public record Pair(Path certificate, Path key) {}

  /** Founds an authority that keeps its files in {@code folder}. */
  public static Authority found(Path folder, String name) throws Exception {
    Instant now = Instant.now();
    X509Bundle bundle =
        builder(name, now).setIsCertificateAuthority(true).ecp256().buildSelfSigned();
    Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePEM(), US_ASCII);
    return new Authority(folder, name, bundle);
  }

  private static CertificateBuilder builder(String name, Instant now) {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .notBefore(now.minus(LIFE))
        .notAfter(now.plus(LIFE));
  }

  /** Returns the file of its own certificate. */
  public Path certificate() {
    return folder.resolve(name + ".crt");
  }

  /** Issues a certificate for a node. */
  public Pair issue(String node) throws Exception {
    return write(node, builder(node, Instant.now()).rsa2048().buildIssuedBy(bundle));
  }

  /** Issues a certificate that was good until yesterday. */
  public Pair issueExpired(String node) throws Exception {
    Instant then = Instant.now().minus(LIFE).minus(LIFE);
    return write(node, builder(node, then).rsa2048().buildIssuedBy(bundle));
  }

  private Pair write(String node, X509Bundle issued) throws IOException {
    Path certificate = folder.resolve(name + "-" + node + ".crt");
    Path key = folder.resolve(name + "-" + node + ".key");
    Files.writeString(certificate, issued.getCertificatePEM(), US_ASCII);
    Files.writeString(key, issued.getPrivateKeyPEM(), US_ASCII);
    return new Pair(certificate, key);
  }
}
