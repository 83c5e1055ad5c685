package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Bearer tokens in the {@code Authorization} field (RFC 6750, Section 2.1). Thread-safe. */
public final class BearerScheme implements Scheme {
  private static final String NAME = "bearer";
  private static final String CHALLENGE = "Bearer realm=\"ppstp-tracker\"";
  private static final int ACCOUNT_LENGTH = 43;
  private static final Pattern B64TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");

  private final Vertx vertx;
  private final Optional<JwtVerifier> verifier;
  private final Optional<Introspector> introspector;
  private final List<String> scopes;
  private final Audit audit;
  private final List<Reloadable> reloadables;

  BearerScheme(
      Vertx vertx,
      Optional<JwtVerifier> verifier,
      Optional<Introspector> introspector,
      List<String> scopes,
      Audit audit,
      List<Reloadable> reloadables) {
    this.vertx = vertx;
    this.verifier = verifier;
    this.introspector = introspector;
    this.scopes = List.copyOf(scopes);
    this.audit = audit;
    this.reloadables = List.copyOf(reloadables);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reloadable> reloadables() {
    return reloadables;
  }

  @Override
  public boolean claims(AuthAttempt attempt) {
    return attempt.schemeName().equals(NAME);
  }

  /** Returns the challenge of a request without a token, which names no error. */
  @Override
  public List<String> challenges() {
    return List.of(CHALLENGE);
  }

  /** Returns the end of the token, where its signature is: nobody else's token ends like it. */
  @Override
  public String account(AuthAttempt attempt) {
    String authorization = attempt.authorization() == null ? "" : attempt.authorization();
    return authorization.substring(Math.max(0, authorization.length() - ACCOUNT_LENGTH));
  }

  @Override
  public Future<Verdict> judge(AuthAttempt attempt) {
    Future<Finding> finding = find(attempt);
    return onContext(finding).map(found -> verdict(found, attempt));
  }

  private Future<Finding> find(AuthAttempt attempt) {
    String authorization = attempt.authorization();
    String token = authorization == null ? "" : authorization.substring(NAME.length()).strip();
    if (!B64TOKEN.matcher(token).matches()) {
      return bad(TokenFault.MALFORMED);
    }
    Jwt jwt = verifier.isPresent() ? Jwt.parse(token) : null;
    if (jwt != null) {
      return verifier.orElseThrow().verify(jwt);
    }
    boolean isAskable = introspector.isPresent() && token.length() <= Jwt.LONGEST;
    return isAskable
        ? introspector.orElseThrow().ask(token, attempt.network())
        : bad(TokenFault.UNREADABLE);
  }

  /** Many requests wait for one answer of a server; each goes on where it came from. */
  private <T> Future<T> onContext(Future<T> shared) {
    if (shared.isComplete()) {
      return shared;
    }
    Context context = vertx.getOrCreateContext();
    Promise<T> own = Promise.promise();
    shared.onComplete(
        done ->
            context.runOnContext(
                go -> {
                  if (done.succeeded()) {
                    own.complete(done.result());
                  } else {
                    own.fail(done.cause());
                  }
                }));
    return own.future();
  }

  private Verdict verdict(Finding found, AuthAttempt attempt) {
    if (found instanceof Finding.Good good) {
      return Verdict.of(good.identity(), null);
    }
    TokenFault fault = ((Finding.Bad) found).fault();
    audit.refused(NAME, attempt.client(), fault.description());
    if (fault.isOutdated()) {
      return Verdict.outdated(challenges(fault));
    }
    return Verdict.denied(fault.code(), challenges(fault));
  }

  /** RFC 6750, Section 3.1. */
  private List<String> challenges(TokenFault fault) {
    String described = "\", error_description=\"" + fault.description() + "\"";
    return switch (fault.code()) {
      case AUTHENTICATION_REQUIRED -> List.of(CHALLENGE + ", error=\"invalid_token" + described);
      case BAD_REQUEST -> List.of(CHALLENGE + ", error=\"invalid_request" + described);
      case FORBIDDEN_ACTION ->
          List.of(
              CHALLENGE
                  + ", error=\"insufficient_scope"
                  + described
                  + ", scope=\""
                  + String.join(" ", scopes)
                  + "\"");
      default -> List.of();
    };
  }

  private static Future<Finding> bad(TokenFault fault) {
    return Future.succeededFuture(new Finding.Bad(fault));
  }
}
