package io.ppstp.tracker.app;

import io.ppstp.tracker.config.ClientCertificates;
import io.ppstp.tracker.config.Requirement;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.limits.Lockouts;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.CertificateScheme;
import io.ppstp.tracker.security.Permissions;
import io.ppstp.tracker.security.Scheme;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
      TrackerConfig.Auth auth, List<Scheme> schemes, Audit audit, Lockouts lockouts) {
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
              "auth.swarms names swarms that need credentials, but all do; set auth.required=false"));
    }
    return Future.succeededFuture(
        new Authenticator(schemes, required, new Permissions(auth.swarms()), audit, lockouts));
  }
}
