package io.ppstp.tracker.app;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.security.digest.AccountsFile;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestAuthentication;
import io.ppstp.tracker.security.digest.DigestAuthentication.DigestRules;
import io.ppstp.tracker.security.digest.DigestScheme;
import io.ppstp.tracker.security.digest.NonceGenerator;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;

/** Puts HTTP Digest together as the configuration asks for it. Stateless. */
final class DigestFactory {
  private DigestFactory() {}

  /**
   * Returns the scheme, or nothing if Digest is off. The future fails with a {@link StartException}
   * if the accounts are of no use.
   */
  static Future<Optional<Scheme>> of(TrackerConfig config, Platform platform, Audit audit) {
    TrackerConfig.Digest digest = config.auth().digest();
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

  private static DigestRules rules(TrackerConfig.Digest digest) {
    return new DigestRules(
        digest.realm(),
        digest.algorithms().stream().map(it -> Objects.requireNonNull(Variant.parse(it))).toList(),
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
