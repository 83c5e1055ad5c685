package io.ppstp.tracker.app.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.ingress.connection.TlsMaterial;
import io.ppstp.tracker.security.ClientTrust;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates: of the HTTPS listener and its clients, and between nodes. Stateless. */
public final class Certificates {
  private Certificates() {}

  /**
   * Tries the certificates of the event bus between nodes, if it has any. Reads files, so not for
   * an event loop.
   *
   * @throws StartException if files are of no use
   */
  public static void checkBus(ClusterConfig cluster) throws StartException {
    ClusterConfig.Tls tls = cluster.tls();
    if (cluster.enabled() && tls.certificate().isPresent()) {
      PemCheck.Pair own =
          PemCheck.pair("cluster.tls.", tls.certificate().orElseThrow(), tls.key().orElseThrow());
      PemCheck.authority("cluster.tls.ca", tls.ca().orElseThrow(), own.chain());
    }
  }

  /**
   * Returns what the HTTPS listener shows and whom it trusts, read from the files that {@code
   * https} names or made if it asks for that. Not for an event loop.
   *
   * @throws StartException if files are of no use or none can be made
   */
  public static HttpsMaterial of(TrackerConfig.Https https) throws StartException {
    return of(https, null);
  }

  /**
   * As {@link #of(TrackerConfig.Https)}, when there is something to replace.
   *
   * @param made the self-signed certificate so far, which stays; null if one is to be made
   */
  public static HttpsMaterial of(TrackerConfig.Https https, @Nullable PemKeyCertOptions made)
      throws StartException {
    PemKeyCertOptions certificate =
        https.selfSigned()
            ? made == null ? selfSigned() : made
            : PemCheck.pair("https.", https.certificate().orElseThrow(), https.key().orElseThrow())
                .options();
    ClientAuth clientAuth = clientAuth(https.clientCertificates());
    if (https.clientCa().isEmpty()) {
      TlsMaterial tls = new TlsMaterial(certificate, clientAuth, null, null);
      return new HttpsMaterial(tls, new ClientTrust(List.of(), List.of()));
    }
    PemCheck.Authorities authorities =
        PemCheck.authorities("https.client-ca", https.clientCa().orElseThrow());
    Revocations revocations = Revocations.NONE;
    if (https.clientCrl().isPresent()) {
      revocations =
          Revocations.read(
              "https.client-crl", https.clientCrl().orElseThrow(), authorities.certificates());
    }
    return new HttpsMaterial(
        new TlsMaterial(certificate, clientAuth, authorities.options(), revocations.pem()),
        new ClientTrust(authorities.certificates(), revocations.lists()));
  }

  /**
   * What the HTTPS listener goes by.
   *
   * @param tls in handshakes
   * @param trust with each request, by the same files
   */
  public record HttpsMaterial(TlsMaterial tls, ClientTrust trust) {}

  private static ClientAuth clientAuth(ClientCertificates asked) {
    return switch (asked) {
      case OFF -> ClientAuth.NONE;
      case REQUEST -> ClientAuth.REQUEST;
      case REQUIRE -> ClientAuth.REQUIRED;
    };
  }

  private static PemKeyCertOptions selfSigned() throws StartException {
    try {
      return SelfSigned.issue(Instant.now(), new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new StartException("https.self-signed: no certificate could be made: " + e);
    }
  }

  /**
   * The lists in which authorities take back certificates (RFC 5280, Section 5); immutable by
   * agreement.
   *
   * @param pem as they stand in the file, null if there is none
   * @param lists the same, parsed
   */
  record Revocations(@Nullable Buffer pem, List<X509CRL> lists) {
    /** Nothing is revoked. */
    static final Revocations NONE = new Revocations(null, List.of());

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

    private static final Pattern LIST =
        Pattern.compile("-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", Pattern.DOTALL);

    Revocations {
      lists = List.copyOf(lists);
    }

    /**
     * Reads a file of lists, and tries them. One that should have been replaced by a newer one is
     * told of and in force all the same: who is on it stays revoked, and to refuse everybody would
     * let a forgotten job stop the tracker. Blocks.
     *
     * @param name the file's key in the configuration
     * @param authorities whose lists they have to be
     * @throws StartException if the file holds none, or one that none of the authorities has signed
     */
    static Revocations read(String name, Path file, List<X509Certificate> authorities)
        throws StartException {
      Buffer content = PemCheck.read(name, file);
      List<X509CRL> lists = new ArrayList<>();
      try {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Matcher blocks = LIST.matcher(content.toString(US_ASCII));
        while (blocks.find()) {
          byte[] block = blocks.group().getBytes(US_ASCII);
          lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block)));
        }
      } catch (CRLException | CertificateException e) {
        throw new StartException(
            "%s: '%s' is not a revocation list in PEM: %s"
                .formatted(name, file, PemCheck.reason(e)));
      }
      if (lists.isEmpty()) {
        throw new StartException("%s: '%s' holds no revocation list in PEM".formatted(name, file));
      }
      Instant now = Instant.now();
      for (X509CRL list : lists) {
        if (authorities.stream().noneMatch(authority -> isSignedBy(list, authority))) {
          throw new StartException(
              "%s: '%s' has a list that no authority in https.client-ca has signed, issued by '%s'"
                  .formatted(name, file, list.getIssuerX500Principal().getName()));
        }
        if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now)) {
          LOG.warn(
              "{}: the list in {} should have been replaced at {}; fetch the new one",
              name,
              file,
              list.getNextUpdate().toInstant());
        }
      }
      return new Revocations(content, lists);
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate authority) {
      if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
        return false;
      }
      try {
        list.verify(authority.getPublicKey());
        return true;
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }
}
