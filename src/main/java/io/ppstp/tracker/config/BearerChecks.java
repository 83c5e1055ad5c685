package io.ppstp.tracker.config;

import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.config.text.Urls;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Checks that the settings of bearer tokens fit together; confined to the caller's thread. */
final class BearerChecks {
  private static final String ISSUER = "auth.bearer.issuer";
  private static final String JWKS = "auth.bearer.jwks";
  private static final String AUDIENCE = "auth.bearer.audience";
  private static final String INTROSPECTION = "auth.bearer.introspection";
  private static final String CLIENT_ID = "auth.bearer.client-id";
  private static final String CLIENT_SECRET = "auth.bearer.client-secret";
  private static final String PLAIN_TEXT = "auth.bearer.allow-plain-text";

  private final AuthConfig.Bearer bearer;
  private final CrossChecks checks;

  BearerChecks(AuthConfig.Bearer bearer, CrossChecks checks) {
    this.bearer = bearer;
    this.checks = checks;
  }

  void run() {
    if (checks.sound(ISSUER, JWKS, INTROSPECTION)) {
      bearer.discovery().ifPresent(this::discovery);
      keys();
      introspection();
    }
  }

  /** OpenID Connect Discovery 1.0, Section 3: an issuer's URL has no query. */
  private void discovery(String issuer) {
    Urls.parse(issuer)
        .filter(url -> url.getRawQuery() == null)
        .ifPresentOrElse(
            url -> confidential(ISSUER, url),
            () ->
                checks.fault(
                    ISSUER,
                    Texts.quoted(issuer)
                        + " is not a URL that could be asked where the keys are; set "
                        + JWKS));
    needed(AUDIENCE, bearer.audience(), ISSUER, "tokens for other services would do");
  }

  private void keys() {
    if (bearer.jwks().isEmpty()) {
      return;
    }
    String jwks = bearer.jwks().orElseThrow();
    if (Urls.isUrl(jwks)) {
      bearer
          .jwksUrl()
          .ifPresentOrElse(
              url -> confidential(JWKS, url),
              () -> checks.fault(JWKS, Texts.quoted(jwks) + " is not an http or https URL"));
    } else {
      file(jwks);
    }
    needed(ISSUER, bearer.issuer(), JWKS, "any issuer's tokens would do");
    needed(AUDIENCE, bearer.audience(), JWKS, "tokens for other services would do");
  }

  private void file(String name) {
    try {
      checks.readable(JWKS, Optional.of(Path.of(name)), "a JSON Web Key Set, or a URL,");
    } catch (InvalidPathException e) {
      checks.fault(JWKS, Texts.quoted(name) + " is neither a URL nor the path of a file");
    }
  }

  private void introspection() {
    if (bearer.introspection().isEmpty()) {
      if (bearer.clientSecret().isPresent()) {
        secretAlone();
      }
      return;
    }
    confidential(INTROSPECTION, bearer.introspection().orElseThrow());
    needed(AUDIENCE, bearer.audience(), INTROSPECTION, "tokens for other services would do");
    needed(CLIENT_ID, bearer.clientId(), INTROSPECTION, "the server answers known clients only");
    needed(
        CLIENT_SECRET,
        bearer.clientSecret(),
        INTROSPECTION,
        "the server answers known clients only");
    checks.readable(CLIENT_SECRET, bearer.clientSecret(), "a file with the secret");
  }

  /** The URL that it is for may be discovered. */
  private void secretAlone() {
    if (bearer.discovery().isEmpty()) {
      checks.fault(CLIENT_SECRET, "is set without " + INTROSPECTION + ", which it is for");
      return;
    }
    needed(CLIENT_ID, bearer.clientId(), CLIENT_SECRET, "the server answers known clients only");
    checks.readable(CLIENT_SECRET, bearer.clientSecret(), "a file with the secret");
  }

  private void needed(String key, Optional<?> value, String because, String without) {
    if (checks.sound(key) && value.isEmpty()) {
      checks.fault(because, "is set without " + key + "; set it, for without it " + without);
    }
  }

  private void confidential(String key, URI url) {
    if (checks.sound(PLAIN_TEXT) && !bearer.mayAsk(url)) {
      checks.fault(
          key,
          Texts.quoted(url.toString())
              + " is plain HTTP, which can be changed on the way; use https, or set "
              + PLAIN_TEXT
              + "=true within a network that you trust");
    }
  }
}
