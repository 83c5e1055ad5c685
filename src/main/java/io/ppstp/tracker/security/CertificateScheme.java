package io.ppstp.tracker.security;

import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.Future;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The client certificate of the TLS handshake (preferred by RFC 7846, Section 6.1). That it has not
 * run out or been revoked since is looked at with each request, for connections may last; where it
 * has, no other credentials help: there would be no connection now. Thread-safe.
 *
 * <p>Credentials in a request go before the connection's, if their scheme is on. Put this scheme
 * last: beside an {@code Authorization} of any other scheme, which is meant for somebody else, the
 * certificate counts.
 */
public final class CertificateScheme implements Scheme {
  private static final int RFC822_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;

  private static final String CHALLENGE = "ClientCertificate realm=\"ppstp-tracker\"";

  private final Supplier<ClientTrust> trust;
  private final InstantSource clock;
  private final Audit audit;

  /**
   * Makes the scheme.
   *
   * @param trust whom the operator trusts at present
   * @param clock the wall clock, which certificates are dated by
   */
  public CertificateScheme(Supplier<ClientTrust> trust, InstantSource clock, Audit audit) {
    this.trust = trust;
    this.clock = clock;
    this.audit = audit;
  }

  @Override
  public String name() {
    return "certificate";
  }

  @Override
  public boolean claims(AuthAttempt attempt) {
    return attempt.certificate() != null;
  }

  @Override
  public Future<Verdict> judge(AuthAttempt attempt) {
    X509Certificate certificate = attempt.certificate();
    List<String> names = certificate == null ? List.of() : names(certificate);
    if (certificate == null || names.isEmpty()) {
      return Future.succeededFuture(refused(attempt, "the certificate names nobody"));
    }
    Identity identity =
        new Identity(
            names.get(0),
            name(),
            Permissions.exactly(names),
            Permissions.ANY,
            certificate.getNotAfter().toInstant().toEpochMilli());
    return Future.succeededFuture(Verdict.of(identity, null));
  }

  /** Refuses a certificate that a new handshake would not be done with. */
  @Override
  public @Nullable Verdict objectionTo(AuthAttempt attempt) {
    X509Certificate certificate = attempt.certificate();
    if (certificate == null) {
      return null;
    }
    Instant now = clock.instant();
    try {
      certificate.checkValidity(Date.from(now));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return refused(attempt, "the certificate is not valid now");
    }
    String objection = trust.get().objectionTo(attempt.chain(), now);
    return objection == null ? null : refused(attempt, objection);
  }

  private Verdict refused(AuthAttempt attempt, String reason) {
    audit.refused(name(), attempt.client(), reason);
    return Verdict.outdated(challenges());
  }

  /** The key was proved in the handshake, so there is nothing to guess. */
  @Override
  public @Nullable String account(AuthAttempt attempt) {
    return null;
  }

  /**
   * Returns the challenge that draft-thomson-httpbis-cant has for a certificate in the handshake.
   * None is registered, but without any a 401 would not be one (RFC 9110, Section 15.5.2).
   */
  @Override
  public List<String> challenges() {
    return List.of(CHALLENGE);
  }

  /** The alternative names, or where there are none of use, the common name (RFC 6125, 2.3). */
  public static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          int kind = (Integer) alternative.get(0);
          if (kind == DNS_NAME || kind == URI_NAME || kind == RFC822_NAME) {
            names.add((String) alternative.get(1));
          }
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    String common = commonName(certificate);
    if (names.isEmpty() && common != null) {
      names.add(common);
    }
    return names;
  }

  private static @Nullable String commonName(X509Certificate certificate) {
    try {
      LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
      for (int i = subject.size() - 1; i >= 0; i--) {
        Rdn part = subject.getRdn(i);
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text) {
          return text.isEmpty() ? null : text;
        }
      }
    } catch (InvalidNameException e) {
      return null;
    }
    return null;
  }
}
