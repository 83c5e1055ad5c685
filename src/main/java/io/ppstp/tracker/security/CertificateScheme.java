package io.ppstp.tracker.security;

import io.ppstp.tracker.protocol.ErrorCode;
import io.vertx.core.Future;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * The client certificate of the TLS handshake (preferred by RFC 7846, Section 6.1). Its chain was
 * verified then; that it has not run out since is looked at with each request, for connections may
 * last. Thread-safe.
 */
public final class CertificateScheme implements Scheme {
  private static final int RFC822_NAME = 1;
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;

  private final InstantSource clock;
  private final Audit audit;

  /** Makes the scheme, which reads the time from {@code clock}. */
  public CertificateScheme(InstantSource clock, Audit audit) {
    this.clock = clock;
    this.audit = audit;
  }

  @Override
  public String name() {
    return "certificate";
  }

  @Override
  public boolean claims(AuthAttempt attempt) {
    return attempt.certificate() != null && attempt.authorization() == null;
  }

  @Override
  public Future<Verdict> judge(AuthAttempt attempt) {
    X509Certificate certificate = attempt.certificate();
    if (certificate == null) {
      return refuse(attempt, "no certificate");
    }
    try {
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return refuse(attempt, "the certificate is not valid now");
    }
    List<String> names = names(certificate);
    if (names.isEmpty()) {
      return refuse(attempt, "the certificate names nobody");
    }
    Identity identity =
        new Identity(names.get(0), name(), Permissions.exactly(names), Permissions.ANY);
    return Future.succeededFuture(Verdict.of(identity, null));
  }

  private Future<Verdict> refuse(AuthAttempt attempt, String reason) {
    audit.refused(name(), attempt.client(), reason);
    return Future.succeededFuture(Verdict.denied(ErrorCode.AUTHENTICATION_REQUIRED, challenges()));
  }

  @Override
  public List<String> challenges() {
    return List.of();
  }

  /** The alternative names, or where there are none of use, the common name (RFC 6125, 2.3). */
  private static List<String> names(X509Certificate certificate) {
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
