package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.config.AuthConfig;
import io.ppstp.tracker.config.AuthConfig.Requirement;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.config.text.Urls;
import io.ppstp.tracker.limits.Lockouts;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.CertificateScheme;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.security.bearer.BearerScheme;
import io.ppstp.tracker.security.bearer.BearerSetup;
import io.ppstp.tracker.security.bearer.BearerSetup.BearerSources;
import io.ppstp.tracker.security.bearer.ClaimsCheck.BearerRules;
import io.ppstp.tracker.security.digest.AccountsFile;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestAuthentication;
import io.ppstp.tracker.security.digest.DigestAuthentication.DigestRules;
import io.ppstp.tracker.security.digest.DigestScheme;
import io.ppstp.tracker.security.digest.NonceGenerator;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the authenticator together that the configuration asks for. Stateless. */
final class AuthenticatorFactory {
  private AuthenticatorFactory() {}

  /**
   * Returns the authenticator of {@code config}.
   *
   * @param https the files of the HTTPS listener, null if there is none
   * @return fails with a {@link StartException} if there is something that the operator can mend
   */
  static Future<Authenticator> of(
      TrackerConfig config,
      Platform platform,
      @Nullable HttpsFiles https,
      Audit audit,
      Lockouts lockouts) {
    List<Scheme> schemes = new ArrayList<>();
    return DigestFactory.of(config, platform, audit)
        .compose(
            digest -> {
              digest.ifPresent(schemes::add);
              return BearerFactory.of(config.auth().bearer(), platform.vertx(), audit);
            })
        .compose(
            bearer -> {
              bearer.ifPresent(schemes::add);
              if (https != null && asksForCertificates(config.https())) {
                // Last: what a request brings goes before its connection.
                schemes.add(new CertificateScheme(https::trust, InstantSource.system(), audit));
              }
              return of(config.auth(), schemes, audit, lockouts);
            });
  }

  private static boolean asksForCertificates(TrackerConfig.Https https) {
    return https.enabled() && https.clientCertificates() != ClientCertificates.OFF;
  }

  private static Future<Authenticator> of(
      AuthConfig auth, List<Scheme> schemes, Audit audit, Lockouts lockouts) {
    boolean required =
        auth.required() == Requirement.TRUE
            || (auth.required() == Requirement.AUTO && !schemes.isEmpty());
    if (required && schemes.isEmpty()) {
      return Future.failedFuture(
          new StartException(
              "auth.required is true, but no way to authenticate is on; nobody could come in"));
    }
    if (!auth.swarms().isEmpty() && schemes.isEmpty()) {
      return Future.failedFuture(
          new StartException(
              "auth.swarms closes swarms, but no way to authenticate is on; nobody could get in"));
    }
    if (!auth.swarms().isEmpty() && required) {
      return Future.failedFuture(
          new StartException(
              "auth.swarms names swarms that need credentials, but all do; set"
                  + " auth.required=false"));
    }
    return Future.succeededFuture(
        new Authenticator(schemes, required, new Permissions(auth.swarms()), audit, lockouts));
  }

  /** The bearer tokens that the configuration asks for. Stateless. */
  static final class BearerFactory {
    private BearerFactory() {}

    /**
     * Returns the scheme of {@code config}, empty if it is off. The future fails with a {@link
     * StartException} if a file is of no use.
     */
    static Future<Optional<BearerScheme>> of(AuthConfig.Bearer config, Vertx vertx, Audit audit) {
      if (!config.enabled()) {
        return Future.succeededFuture(Optional.empty());
      }
      BearerRules rules =
          new BearerRules(
              config.issuer(),
              config.audience(),
              config.scope(),
              config.peerIdClaim(),
              config.swarmsClaim(),
              config.cacheClaim());
      // The true time of day: that is what issuers date tokens by, whenever the tracker started.
      return BearerSetup.make(sources(config), rules, vertx, InstantSource.system(), audit)
          .recover(
              failure ->
                  Future.failedFuture(new StartException("auth.bearer: " + failure.getMessage())))
          .map(Optional::of);
    }

    private static BearerSources sources(AuthConfig.Bearer config) {
      return new BearerSources(
          config
              .discovery()
              .map(
                  issuer ->
                      new BearerSources.Issuer(
                          issuer, url -> Urls.parse(url).filter(config::mayAsk))),
          config.jwksUrl(),
          config.jwksFile(),
          config.refresh(),
          config
              .clientSecret()
              .map(
                  secret ->
                      new BearerSources.Introspection(
                          config.introspection(), config.clientId().orElseThrow(), secret)));
    }
  }

  /** Puts HTTP Digest together as the configuration asks for it. Stateless. */
  static final class DigestFactory {
    private DigestFactory() {}

    /**
     * Returns the scheme, or nothing if Digest is off. The future fails with a {@link
     * StartException} if the accounts are of no use.
     */
    static Future<Optional<Scheme>> of(TrackerConfig config, Platform platform, Audit audit) {
      AuthConfig.Digest digest = config.auth().digest();
      if (digest.accounts().isEmpty()) {
        return Future.succeededFuture(Optional.empty());
      }
      Path file = digest.accounts().orElseThrow();
      DigestRules rules = rules(digest);
      return platform
          .vertx()
          .executeBlocking(() -> open(file, rules))
          .compose(
              accounts ->
                  platform
                      // What is left of the reply's time is for carrying the request out.
                      .nonces(digest.nonces(), config.timers().reply().dividedBy(2))
                      .map(nonces -> scheme(config, platform, rules, accounts, nonces, audit)))
          .map(Optional::of);
    }

    private static DigestRules rules(AuthConfig.Digest digest) {
      return new DigestRules(
          digest.realm(),
          digest.algorithms().stream()
              .map(it -> Objects.requireNonNull(Variant.parse(it)))
              .toList(),
          digest.userhash());
    }

    private static AccountsFile open(Path file, DigestRules rules) throws StartException {
      try {
        return AccountsFile.open(file, rules.realm(), rules.algorithms());
      } catch (IOException e) {
        throw new StartException("auth.digest.accounts: " + e.getMessage());
      }
    }

    private static Scheme scheme(
        TrackerConfig config,
        Platform platform,
        DigestRules rules,
        AccountsFile accounts,
        Nonces nonces,
        Audit audit) {
      SecureRandom random = new SecureRandom();
      NonceGenerator mint =
          new NonceGenerator(
              nonces.keys(), platform.clock(), config.auth().digest().nonceLife(), random);
      DigestAuthentication authentication =
          new DigestAuthentication(rules, accounts, mint, nonces.ledger(), random);
      return new DigestScheme(rules, authentication, mint, accounts, audit);
    }
  }
}
