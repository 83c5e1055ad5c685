package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.bearer.Jwt.Claims;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from an issuer's name where its keys are and where it answers questions about tokens
 * (OpenID Connect Discovery 1.0, Section 4). The issuer is asked anew with each look at its keys,
 * so that it may move them; while it does not answer, what it said last goes on. Thread-safe.
 *
 * <p>Not by {@code OpenIDConnectAuth} of Vert.x, which gets this document and the keys without a
 * bound on their size, and the keys from wherever it says before anybody can look at that: {@code
 * OAuth2LibraryTest} shows it.
 */
final class Discovery {
  private static final String PATH = "/.well-known/openid-configuration";
  private static final int LONGEST_SHOWN = 200;

  private final String issuer;
  private final URI url;
  private final Function<String, Optional<URI>> urls;
  private final Inquiry inquiry;
  private volatile @Nullable IssuerMetadata known;

  /**
   * Makes one that has not asked yet.
   *
   * @param issuer as tokens write it, a URL
   * @param urls reads a URL, empty if it is none or may not be asked
   */
  Discovery(String issuer, Function<String, Optional<URI>> urls, Inquiry inquiry) {
    this.issuer = issuer;
    this.url = location(issuer);
    this.urls = urls;
    this.inquiry = inquiry;
  }

  /** Returns where {@code issuer} describes itself. */
  static URI location(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + PATH);
  }

  /** Gets the key set. The future fails with an {@link IOException}, as that of an inquiry does. */
  Future<Buffer> keys() {
    return look().compose(metadata -> inquiry.get(metadata.keys()));
  }

  /**
   * Returns the URL that knows about tokens. The future fails with an {@link IOException} if the
   * issuer cannot be asked, or names none.
   */
  Future<URI> introspection() {
    IssuerMetadata last = known;
    Future<IssuerMetadata> metadata = last == null ? look() : Future.succeededFuture(last);
    return metadata.compose(
        it ->
            it.introspection()
                .map(Future::succeededFuture)
                .orElseGet(
                    () -> failed(url + " names no introspection_endpoint that may be asked")));
  }

  private Future<IssuerMetadata> look() {
    return inquiry
        .get(url)
        .recover(failure -> failed(url + ": " + failure.getMessage()))
        .compose(this::read)
        .recover(
            failure -> {
              IssuerMetadata last = known;
              return last == null ? Future.failedFuture(failure) : Future.succeededFuture(last);
            });
  }

  private Future<IssuerMetadata> read(Buffer json) {
    Claims document = Claims.parse(json);
    if (document == null) {
      return failed(url + " is not a JSON object");
    }
    // Section 4.3: or somebody could pass off another issuer's keys as his.
    if (!issuer.equals(document.text("issuer"))) {
      return failed(url + " is of the issuer " + shown(document.text("issuer")));
    }
    Optional<URI> keys = endpoint(document, "jwks_uri");
    if (keys.isEmpty()) {
      return failed(
          url + " names no jwks_uri that may be asked, but " + shown(document.text("jwks_uri")));
    }
    IssuerMetadata read =
        new IssuerMetadata(keys.orElseThrow(), endpoint(document, "introspection_endpoint"));
    known = read;
    return Future.succeededFuture(read);
  }

  private Optional<URI> endpoint(Claims document, String name) {
    return Optional.ofNullable(document.text(name)).flatMap(urls);
  }

  /** In a log, so without line breaks and not at any length. */
  private static String shown(@Nullable String text) {
    if (text == null) {
      return "nothing";
    }
    String printable = text.replaceAll("[^\\x21-\\x7E]", "?");
    return "'" + printable.substring(0, Math.min(LONGEST_SHOWN, printable.length())) + "'";
  }

  private static <T> Future<T> failed(String why) {
    return Future.failedFuture(new IOException(why));
  }

  /**
   * What an issuer says about itself; immutable.
   *
   * @param keys where its key set is
   * @param introspection where it answers questions about tokens
   */
  private record IssuerMetadata(URI keys, Optional<URI> introspection) {}
}
