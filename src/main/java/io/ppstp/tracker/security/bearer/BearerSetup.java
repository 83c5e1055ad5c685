package io.ppstp.tracker.security.bearer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.security.bearer.ClaimsCheck.BearerRules;
import io.ppstp.tracker.security.bearer.Introspector.ClientSecret;
import io.ppstp.tracker.security.bearer.KeySet.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Puts the scheme together. Confined to one call. */
public final class BearerSetup {
  /** Shorter than peers wait for an answer ({@code timers.reply}), by default. */
  private static final long DEADLINE_MS = 3000;

  private final Vertx vertx;
  private final ClaimsCheck check;
  private final InstantSource clock;
  private final Inquiry inquiry;
  private final Optional<Discovery> discovery;
  private final List<Reloadable> reloadables = new ArrayList<>();

  private BearerSetup(BearerSources sources, BearerRules rules, Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.check = new ClaimsCheck(rules, clock);
    this.inquiry = new Inquiry(vertx, DEADLINE_MS);
    this.discovery = sources.discovery().map(it -> new Discovery(it.issuer(), it.urls(), inquiry));
  }

  /**
   * Makes the scheme of {@code rules}. Files are read and a key server is asked first; that it
   * cannot be reached does not fail the start.
   *
   * @param clock the wall clock, which tokens are dated by
   * @return fails with an {@link IOException} in words for the operator if a file is not good
   */
  public static Future<BearerScheme> make(
      BearerSources sources, BearerRules rules, Vertx vertx, InstantSource clock, Audit audit) {
    BearerSetup setup = new BearerSetup(sources, rules, vertx, clock);
    return setup
        .keys(sources)
        .compose(
            keys ->
                setup
                    .introspector(sources)
                    .map(
                        introspector ->
                            new BearerScheme(
                                vertx,
                                keys.map(it -> new JwtVerifier(it, setup.check, clock)),
                                introspector,
                                rules.scopes(),
                                audit,
                                setup.reloadables)));
  }

  private Future<Optional<KeySource>> keys(BearerSources sources) {
    Optional<Supplier<Future<Buffer>>> server =
        discovery
            .<Supplier<Future<Buffer>>>map(it -> it::keys)
            .or(() -> sources.keyServer().map(url -> () -> inquiry.get(url)));
    if (server.isPresent()) {
      ServerKeys keys =
          new ServerKeys(vertx, server.orElseThrow(), sources.refresh(), System::nanoTime);
      return keys.begin().map(asked -> Optional.of(keys));
    }
    if (sources.keyFile().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return vertx
        .executeBlocking(() -> new FileKeys(sources.keyFile().orElseThrow(), vertx))
        .onSuccess(reloadables::add)
        .map(Optional::of);
  }

  private Future<Optional<Introspector>> introspector(BearerSources sources) {
    if (sources.introspection().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    BearerSources.Introspection server = sources.introspection().orElseThrow();
    // With connections of its own, or many tokens would keep the keys waiting.
    Inquiry asking = new Inquiry(vertx, DEADLINE_MS);
    return vertx
        .executeBlocking(() -> new ClientSecret(server.clientId(), server.secret()))
        .onSuccess(reloadables::add)
        .map(
            secret ->
                Optional.of(
                    new Introspector(
                        token -> url(server).compose(url -> question(asking, url, secret, token)),
                        check,
                        clock)));
  }

  private Future<URI> url(BearerSources.Introspection server) {
    return server
        .url()
        .map(Future::succeededFuture)
        .orElseGet(() -> discovery.orElseThrow().introspection());
  }

  /** RFC 7662, Section 2.1. */
  private static Future<Buffer> question(
      Inquiry asking, URI url, ClientSecret secret, String token) {
    return asking.post(
        url,
        Map.of(
            "authorization",
            secret.authorization(),
            "content-type",
            "application/x-www-form-urlencoded"),
        Buffer.buffer("token=" + URLEncoder.encode(token, UTF_8)));
  }

  /**
   * Where it can be found out whether tokens are good: keys from a server or a file, or a server to
   * ask about each token. Immutable.
   *
   * @param discovery the issuer that says itself where all else is; not with a key server or file
   * @param keyServer the URL of a JSON Web Key Set
   * @param keyFile a file with one; not with a {@code keyServer}
   * @param refresh the shortest time between two questions to {@code keyServer}
   * @param introspection the server that knows about opaque tokens
   */
  public record BearerSources(
      Optional<Issuer> discovery,
      Optional<URI> keyServer,
      Optional<Path> keyFile,
      Duration refresh,
      Optional<Introspection> introspection) {

    /**
     * An issuer to be asked about itself.
     *
     * @param issuer the {@code iss} of its tokens, a URL
     * @param urls reads a URL that it names, empty if it is none or may not be asked; thread-safe
     */
    public record Issuer(String issuer, Function<String, Optional<URI>> urls) {}

    /**
     * A server to ask (RFC 7662), and who asks.
     *
     * @param url where; empty if that is to be discovered
     * @param clientId the tracker's own name there
     * @param secret the file with its secret
     */
    public record Introspection(Optional<URI> url, String clientId, Path secret) {}
  }
}
