package io.ppstp.tracker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Issues bearer tokens that cover swarms, to trackers that are told so. Thread-safe. */
public final class ViewerTokens {
  private static final String ISSUER = "https://login.example/";
  private static final String AUDIENCE = "tracker";

  private final IssuerKey key;
  private final Path keys;

  private ViewerTokens(IssuerKey key, Path keys) {
    this.key = key;
    this.keys = keys;
  }

  /** Makes an issuer whose key set is in {@code folder}. */
  public static ViewerTokens in(Path folder) throws IOException, GeneralSecurityException {
    IssuerKey key = IssuerKey.generate("one", "ES256");
    return new ViewerTokens(
        key, Files.writeString(folder.resolve("keys.json"), IssuerKey.set(key)));
  }

  /** Tells a tracker to take these tokens. */
  public TrackerProcess.Builder acceptedBy(TrackerProcess.Builder tracker) {
    return tracker
        .set("auth.bearer.issuer", ISSUER)
        .set("auth.bearer.audience", AUDIENCE)
        .set("auth.bearer.jwks", keys)
        .set("auth.bearer.swarms-claim", "swarms");
  }

  /**
   * Returns a token.
   *
   * @param swarms a pattern
   * @param life from now on; may be negative
   */
  public String issue(String swarms, Duration life) {
    return key.token(
        Json.object()
            .put("iss", ISSUER)
            .put("aud", AUDIENCE)
            .put("sub", "viewer")
            .put("swarms", swarms)
            .put("exp", System.currentTimeMillis() / 1000 + life.toSeconds()));
  }
}
