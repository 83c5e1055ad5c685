package io.ppstp.tracker.security;

import io.ppstp.tracker.limits.Lockouts;
import io.ppstp.tracker.limits.Lockouts.CredentialTrial;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets requests in, or says what is missing. Asks the first scheme that the request brings
 * credentials for. Thread-safe.
 */
public final class Authenticator {
  /** Lets everybody in as nobody in particular. */
  public static final Authenticator OPEN = new Authenticator(List.of(), false, Audit.NONE);

  private final List<Scheme> schemes;
  private final boolean required;
  private final Audit audit;
  private final Lockouts lockouts;
  private final Future<Verdict> withoutCredentials;

  /**
   * Makes an authenticator.
   *
   * @param schemes the ways in, most preferred first
   * @param required whether a request without credentials is refused
   */
  public Authenticator(List<Scheme> schemes, boolean required, Audit audit) {
    this(schemes, required, Permissions.NONE, audit, Lockouts.NONE);
  }

  /**
   * Makes an authenticator that tells of bad credentials.
   *
   * @param closed the swarms that need credentials, where requests without may be answered
   * @param lockouts told of each; says whose credentials are looked at
   */
  public Authenticator(
      List<Scheme> schemes, boolean required, Permissions closed, Audit audit, Lockouts lockouts) {
    this.schemes = List.copyOf(schemes);
    this.required = required;
    this.audit = audit;
    this.lockouts = lockouts;
    this.withoutCredentials =
        Future.succeededFuture(
            closed.equals(Permissions.NONE)
                ? Verdict.ANONYMOUS
                : new Verdict(new AuthState.Visitor(closed), List.of(), false, null));
  }

  /** Returns whether every request is let in unseen, so that there is nothing to judge. */
  public boolean isOpen() {
    return schemes.isEmpty() && !required;
  }

  /** Returns what the schemes have read from files, and can read again. */
  public List<Reloadable> reloadables() {
    return schemes.stream().flatMap(scheme -> scheme.reloadables().stream()).toList();
  }

  /**
   * Judges {@code attempt}; contract as that of {@link Scheme#judge}. Credentials are not looked at
   * if their sender is locked out and has tried too many since; a request without any is no attack.
   */
  public Future<Verdict> judge(AuthAttempt attempt) {
    for (Scheme scheme : schemes) {
      Verdict objection = scheme.objectionTo(attempt);
      if (objection != null) {
        return Future.succeededFuture(completed(objection, scheme));
      }
    }
    for (Scheme scheme : schemes) {
      if (scheme.claims(attempt)) {
        return judge(attempt, scheme);
      }
    }
    if (attempt.authorization() != null) {
      // Nobody can find out anything by credentials that nobody looks at: no failure.
      audit.refused("none", attempt.client(), "its authentication scheme is not enabled");
      return Future.succeededFuture(unauthenticated());
    }
    return required ? Future.succeededFuture(unauthenticated()) : withoutCredentials;
  }

  private Future<Verdict> judge(AuthAttempt attempt, Scheme scheme) {
    String account = scheme.account(attempt);
    if (account == null) {
      return scheme.judge(attempt).map(verdict -> completed(verdict, scheme));
    }
    CredentialTrial trial = lockouts.trial(attempt.from(), account);
    if (!trial.remaining().isZero()) {
      return Future.succeededFuture(Verdict.lockedOut(trial.remaining()));
    }
    return scheme
        .judge(attempt)
        .onFailure(unknown -> trial.undecided())
        .map(
            verdict -> {
              settle(trial, attempt, verdict);
              return completed(verdict, scheme);
            });
  }

  private void settle(CredentialTrial trial, AuthAttempt attempt, Verdict verdict) {
    if (verdict.authState().isAuthenticated()) {
      trial.proved();
    } else if (!isFailure(verdict)) {
      trial.undecided();
    } else if (trial.failed()) {
      audit.noted(
          "locked out " + attempt.client() + " for failing to authenticate again and again");
    }
  }

  /** What is malformed, forbidden or could not be decided is no failure to authenticate. */
  private static boolean isFailure(Verdict verdict) {
    return verdict.authState() instanceof AuthState.Denied denied
        && denied.code() == ErrorCode.AUTHENTICATION_REQUIRED
        && !verdict.outdated();
  }

  /** Returns the word on a request that lacks credentials, with a challenge of every scheme. */
  public Verdict unauthenticated() {
    List<String> challenges = new ArrayList<>();
    schemes.forEach(scheme -> challenges.addAll(scheme.challenges()));
    return Verdict.denied(ErrorCode.AUTHENTICATION_REQUIRED, challenges);
  }

  /** RFC 9110, Section 11.6.1: a 401 names every way in, not only the one that was tried. */
  private Verdict completed(Verdict verdict, Scheme tried) {
    if (!(verdict.authState() instanceof AuthState.Denied denied)
        || denied.code() != ErrorCode.AUTHENTICATION_REQUIRED) {
      return verdict;
    }
    List<String> challenges = new ArrayList<>();
    for (Scheme scheme : schemes) {
      challenges.addAll(scheme == tried ? verdict.challenges() : scheme.challenges());
    }
    return Verdict.denied(denied.code(), challenges);
  }
}
