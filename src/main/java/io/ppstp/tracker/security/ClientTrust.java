package io.ppstp.tracker.security;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom the operator trusts to vouch for clients, and which certificates have been taken back (RFC
 * 5280, Sections 5 and 6). Immutable but for what it remembers; thread-safe.
 *
 * <p>A handshake looks at the same, but once: connections outlive the files of then, and a resumed
 * session looks at nothing. So each request asks here, and what was found out about a certificate
 * is remembered, for a path costs as much as a handshake.
 */
public final class ClientTrust {
  private static final int MOST_REMEMBERED = 10_000;

  private final Set<TrustAnchor> authorities;
  private final List<X509CRL> revocations;
  private final ConcurrentHashMap<X509Certificate, Optional<String>> known =
      new ConcurrentHashMap<>();

  /**
   * Trusts {@code authorities}, but for what {@code revocations} list. Neither the signature nor
   * the date of a list is looked at: the operator has put it there.
   */
  public ClientTrust(Collection<X509Certificate> authorities, Collection<X509CRL> revocations) {
    this.authorities =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
    this.revocations = List.copyOf(revocations);
  }

  /**
   * Returns why a client's certificate is not trusted, or null if it is. Whether the certificate
   * itself has run out is not looked at.
   *
   * @param chain what the client showed, its own certificate first; not empty
   * @param now for the authorities between
   */
  public @Nullable String objectionTo(List<X509Certificate> chain, Instant now) {
    X509Certificate own = chain.get(0);
    Optional<String> found = known.get(own);
    if (found == null) {
      found = Optional.ofNullable(find(chain, now));
      if (known.size() >= MOST_REMEMBERED) {
        known.clear();
      }
      known.put(own, found);
    }
    return found.orElse(null);
  }

  private @Nullable String find(List<X509Certificate> chain, Instant now) {
    Set<Certificate> path = new HashSet<>(Set.of(chain.get(0)));
    try {
      path.addAll(path(chain, now));
    } catch (GeneralSecurityException e) {
      return "no authority vouches for the certificate any more";
    }
    boolean revoked =
        path.stream().anyMatch(one -> revocations.stream().anyMatch(list -> list.isRevoked(one)));
    return revoked ? "the certificate is revoked" : null;
  }

  private List<? extends Certificate> path(List<X509Certificate> chain, Instant now)
      throws GeneralSecurityException {
    X509Certificate own = chain.get(0);
    if (authorities.stream().anyMatch(authority -> own.equals(authority.getTrustedCert()))) {
      return List.of();
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(own);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(authorities, target);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    PKIXCertPathBuilderResult built =
        (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    return built.getCertPath().getCertificates();
  }
}
