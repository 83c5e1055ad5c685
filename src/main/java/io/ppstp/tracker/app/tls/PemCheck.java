package io.ppstp.tracker.app.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.app.process.StartException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Tries certificates and keys before anything starts: a fault that shows while listening, or at the
 * first connection between two nodes, could not be told from one of ours. Stateless; reads files,
 * so not for an event loop.
 */
public final class PemCheck {
  /** How to sign with keys of each kind; others are left for Vert.x to try. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private static final byte[] PROBE = "probe".getBytes(US_ASCII);

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private PemCheck() {}

  /**
   * A certificate with its key, as they were when they were tried.
   *
   * @param options with both by value: what is used is what was tried
   * @param chain the certificate and those it was issued with, its own first
   */
  public record Pair(PemKeyCertOptions options, List<X509Certificate> chain) {
    /** Copies the chain. */
    public Pair {
      chain = List.copyOf(chain);
    }
  }

  /**
   * Tries a certificate with its key.
   *
   * @param section the prefix of their keys in the configuration
   * @throws StartException if either is unusable or one does not belong to the other
   */
  public static Pair pair(String section, Path certificate, Path key) throws StartException {
    Buffer own = read(section + "certificate", certificate);
    certificates(section + "certificate", certificate, own);
    PemKeyCertOptions pair =
        new PemKeyCertOptions().addCertValue(own).addKeyValue(read(section + "key", key));
    X509KeyManager manager = keyManager(section + "key", key, pair);
    String alias = alias(manager);
    if (alias == null) {
      throw new StartException(
          section + "key: '" + key + "' is not of a kind that is used for TLS");
    }
    X509Certificate[] chain = manager.getCertificateChain(alias);
    if (!belong(chain[0].getPublicKey(), manager.getPrivateKey(alias))) {
      throw new StartException(
          section
              + "key: '"
              + key
              + "' is not the key of the certificate in '"
              + certificate
              + "'");
    }
    return new Pair(pair, List.of(chain));
  }

  /**
   * Tries the authorities in a file.
   *
   * @param name the file's key in the configuration
   * @throws StartException if there are none
   */
  public static Authorities authorities(String name, Path file) throws StartException {
    Buffer content = read(name, file);
    return new Authorities(
        new PemTrustOptions().addCertValue(content), certificates(name, file, content));
  }

  /**
   * Authorities, as they were when they were tried.
   *
   * @param options with them by value: what is used is what was tried
   * @param certificates the same, parsed
   */
  public record Authorities(PemTrustOptions options, List<X509Certificate> certificates) {
    /** Copies the certificates. */
    public Authorities {
      certificates = List.copyOf(certificates);
    }
  }

  /**
   * Tries an authority, and whether it vouches for a node as this one will show it to others, when
   * they connect and when they are connected to.
   *
   * @param name the authority's key in the configuration
   * @throws StartException if it is unusable or does not vouch for {@code own}
   */
  static void authority(String name, Path authority, List<X509Certificate> own)
      throws StartException {
    List<X509Certificate> authorities = certificates(name, authority, read(name, authority));
    X509Certificate[] chain = own.toArray(X509Certificate[]::new);
    try {
      X509TrustManager manager = trusting(authorities);
      String keyAlgorithm = chain[0].getPublicKey().getAlgorithm();
      manager.checkClientTrusted(chain, keyAlgorithm);
      manager.checkServerTrusted(chain, "UNKNOWN");
    } catch (GeneralSecurityException | IOException e) {
      throw new StartException(
          "%s: the authority in '%s' does not vouch for this node's own certificate: %s"
              .formatted(name, authority, reason(e)));
    }
  }

  private static List<X509Certificate> certificates(String name, Path file, Buffer content)
      throws StartException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher blocks = CERTIFICATE.matcher(content.toString(US_ASCII));
      while (blocks.find()) {
        InputStream block = new ByteArrayInputStream(blocks.group().getBytes(US_ASCII));
        certificates.add((X509Certificate) factory.generateCertificate(block));
      }
    } catch (CertificateException e) {
      throw new StartException(
          "%s: '%s' is not a certificate in PEM: %s".formatted(name, file, reason(e)));
    }
    if (certificates.isEmpty()) {
      throw new StartException("%s: '%s' holds no certificate in PEM".formatted(name, file));
    }
    return certificates;
  }

  private static X509TrustManager trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return first(factory.getTrustManagers(), X509TrustManager.class);
  }

  private static X509KeyManager keyManager(String name, Path file, PemKeyCertOptions pair)
      throws StartException {
    try {
      // What is given by value needs no Vert.x to read it.
      KeyManagerFactory factory = pair.getKeyManagerFactory(null);
      return first(factory.getKeyManagers(), X509KeyManager.class);
    } catch (Exception e) {
      throw new StartException(
          "%s: '%s' is not a certificate's private key in PEM, without a password: %s"
              .formatted(name, file, reason(e)));
    }
  }

  private static <T> T first(Object[] managers, Class<T> type) {
    return Stream.of(managers).filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static @Nullable String alias(X509KeyManager manager) {
    for (String kind : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA")) {
      String[] aliases = manager.getServerAliases(kind, null);
      if (aliases != null && aliases.length > 0) {
        return aliases[0];
      }
    }
    return null;
  }

  private static boolean belong(PublicKey publicKey, PrivateKey privateKey) {
    String algorithm = SIGNATURES.get(publicKey.getAlgorithm());
    if (algorithm == null) {
      return true;
    }
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(privateKey);
      signing.update(PROBE);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(publicKey);
      verifying.update(PROBE);
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static Buffer read(String name, Path file) throws StartException {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new StartException("%s: '%s' cannot be read".formatted(name, file));
    }
  }

  /** The innermost cause is the one that speaks of the file; a message of its own line. */
  static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null
        ? innermost.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
