package io.ppstp.tracker.app;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.bearer.BearerScheme;
import io.ppstp.tracker.security.bearer.BearerSetup;
import io.ppstp.tracker.security.bearer.BearerSetup.BearerSources;
import io.ppstp.tracker.security.bearer.ClaimsCheck.BearerRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;

/** The bearer tokens that the configuration asks for. Stateless. */
final class BearerFactory {
  private BearerFactory() {}

  /**
   * Returns the scheme of {@code config}, empty if it is off. The future fails with a {@link
   * StartException} if a file is of no use.
   */
  static Future<Optional<BearerScheme>> of(TrackerConfig.Bearer config, Vertx vertx, Audit audit) {
    if (!config.enabled()) {
      return Future.succeededFuture(Optional.empty());
    }
    BearerRules rules =
        new BearerRules(
            config.issuer(),
            config.audience(),
            config.scope(),
            config.peerIdClaim(),
            config.swarmsClaim());
    // The true time of day: that is what issuers date tokens by, whenever the tracker started.
    return BearerSetup.make(sources(config), rules, vertx, InstantSource.system(), audit)
        .recover(
            failure ->
                Future.failedFuture(new StartException("auth.bearer: " + failure.getMessage())))
        .map(Optional::of);
  }

  private static BearerSources sources(TrackerConfig.Bearer config) {
    return new BearerSources(
        config.jwksUrl(),
        config.jwksFile(),
        config.refresh(),
        config
            .introspection()
            .map(
                url ->
                    new BearerSources.Introspection(
                        url,
                        config.clientId().orElseThrow(),
                        config.clientSecret().orElseThrow())));
  }
}
