package io.ppstp.tracker.security.digest;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.security.Scheme;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestAuthentication.DigestRules;
import io.ppstp.tracker.security.digest.DigestException.Fault;
import io.vertx.core.Future;
import java.util.List;

/** HTTP Digest as a way through the authenticator. Thread-safe. */
public final class DigestScheme implements Scheme {
  static final String NAME = "digest";

  private final DigestRules rules;
  private final DigestAuthentication authentication;
  private final NonceGenerator mint;
  private final AccountsFile accounts;
  private final Audit audit;

  /** Makes a scheme that has {@code authentication} verify. */
  public DigestScheme(
      DigestRules rules,
      DigestAuthentication authentication,
      NonceGenerator mint,
      AccountsFile accounts,
      Audit audit) {
    this.rules = rules;
    this.authentication = authentication;
    this.mint = mint;
    this.accounts = accounts;
    this.audit = audit;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reloadable> reloadables() {
    return List.of(accounts);
  }

  @Override
  public boolean claims(AuthAttempt attempt) {
    return attempt.schemeName().equals(NAME);
  }

  @Override
  public Future<Verdict> judge(AuthAttempt attempt) {
    DigestCredentials credentials;
    try {
      credentials = DigestCredentials.of(attempt);
    } catch (DigestException refusal) {
      return Future.succeededFuture(refused(attempt, refusal.fault()));
    }
    return authentication
        .authenticate(credentials)
        .map(DigestAuthentication::verdict)
        .recover(
            failure ->
                failure instanceof DigestException refusal
                    ? Future.succeededFuture(refused(attempt, refusal.fault()))
                    : Future.failedFuture(failure));
  }

  /** Returns the field from the user's name to the next comma: what it says is not looked at. */
  @Override
  public String account(AuthAttempt attempt) {
    String authorization = attempt.authorization() == null ? "" : attempt.authorization();
    int from = authorization.indexOf("username");
    int to = authorization.indexOf(',', Math.max(0, from));
    return from < 0 ? "" : authorization.substring(from, to < 0 ? authorization.length() : to);
  }

  private Verdict refused(AuthAttempt attempt, Fault fault) {
    audit.refused(NAME, attempt.client(), fault.text());
    if (fault != Fault.WRONG && fault.code() == ErrorCode.AUTHENTICATION_REQUIRED) {
      return Verdict.outdated(challenges(fault.stale()));
    }
    return Verdict.denied(
        fault.code(), fault.code() == ErrorCode.AUTHENTICATION_REQUIRED ? challenges() : List.of());
  }

  @Override
  public List<String> challenges() {
    return challenges(false);
  }

  /** RFC 7616, Section 3.7: one challenge per algorithm, the most preferred first. */
  private List<String> challenges(boolean stale) {
    String nonce = mint.mint();
    return rules.offered().stream().map(variant -> challenge(variant, nonce, stale)).toList();
  }

  private String challenge(Variant variant, String nonce, boolean stale) {
    return "Digest realm="
        + DigestFields.quote(rules.realm())
        + ", qop=\"auth, auth-int\", algorithm="
        + variant.token()
        + ", nonce=\""
        + nonce
        + "\", charset=UTF-8"
        + (rules.hideUsers() ? ", userhash=true" : "")
        + (stale ? ", stale=true" : "");
  }
}
