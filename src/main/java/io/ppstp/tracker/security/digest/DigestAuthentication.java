package io.ppstp.tracker.security.digest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.security.digest.DigestAlgorithm.Variant;
import io.ppstp.tracker.security.digest.DigestException.Fault;
import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.CredentialValidationException;
import io.vertx.ext.auth.authentication.Credentials;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies {@link DigestCredentials} (RFC 7616, Section 3.6). Thread-safe.
 *
 * <p>An unknown user costs the same as a wrong password: the response is compared with one made
 * from a secret that nobody knows. The ledger is asked last, so that only a request that proved its
 * password uses a count of its nonce.
 */
public final class DigestAuthentication implements AuthenticationProvider {
  private static final String PROOF = "proof";

  private final DigestRules rules;
  private final Set<DigestAlgorithm> algorithms;
  private final AccountsFile accounts;
  private final NonceGenerator mint;
  private final NonceStore ledger;
  private final Map<DigestAlgorithm, String> decoys;

  /** Makes a provider over accounts and nonces. */
  public DigestAuthentication(
      DigestRules rules,
      AccountsFile accounts,
      NonceGenerator mint,
      NonceStore ledger,
      RandomGenerator random) {
    this.rules = rules;
    this.algorithms = rules.algorithms();
    this.accounts = accounts;
    this.mint = mint;
    this.ledger = ledger;
    String decoy = HexFormat.of().formatHex(NonceKeys.newKey(random));
    this.decoys =
        Stream.of(DigestAlgorithm.values())
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), it -> it.hex(decoy.getBytes(US_ASCII))));
  }

  /**
   * Verifies {@code credentials}.
   *
   * @return the user; fails if the credentials are refused or, with another exception, if the
   *     ledger cannot tell. Completes on the caller's Vert.x context
   */
  @Override
  public Future<User> authenticate(Credentials credentials) {
    if (!(credentials instanceof DigestCredentials digest)) {
      return Future.failedFuture(new CredentialValidationException("no Digest credentials"));
    }
    Account account = accounts.accounts().find(digest);
    Fault fault = firstFault(digest, account);
    Nonce nonce = fault == null ? mint.read(digest.nonce()) : null;
    if (fault != null || account == null) {
      return Future.failedFuture(new DigestException(fault == null ? Fault.WRONG : fault));
    }
    if (nonce == null || !mint.isFresh(nonce)) {
      return Future.failedFuture(new DigestException(Fault.STALE));
    }
    return ledger
        .use(nonce, account.name(), digest.count(), mint.expiresAtMs(nonce))
        .compose(use -> concluded(use, account, digest, nonce));
  }

  private @Nullable Fault firstFault(DigestCredentials digest, @Nullable Account account) {
    if (!digest.realm().equals(rules.realm())) {
      return Fault.OTHER_REALM;
    }
    if (!algorithms.contains(digest.variant().algorithm())) {
      return Fault.OTHER_ALGORITHM;
    }
    String secret = account == null ? null : secret(account, digest);
    String tried = secret == null ? decoy(digest) : secret;
    byte[] expected = HexFormat.of().parseHex(digest.expectedResponse(tried));
    boolean same = MessageDigest.isEqual(expected, digest.response());
    return same && secret != null ? null : Fault.WRONG;
  }

  private static @Nullable String secret(Account account, DigestCredentials digest) {
    return account.secrets().get(digest.variant().algorithm());
  }

  private String decoy(DigestCredentials digest) {
    return String.valueOf(decoys.get(digest.variant().algorithm()));
  }

  private Future<User> concluded(
      NonceStore.Use use, Account account, DigestCredentials digest, Nonce nonce) {
    return switch (use) {
      case ACCEPTED -> Future.succeededFuture(user(new Proof(account, digest, nonce)));
      case REPLAYED -> Future.failedFuture(new DigestException(Fault.REPLAYED));
      case FORGOTTEN -> Future.failedFuture(new DigestException(Fault.FORGOTTEN));
      case FULL -> Future.failedFuture(new DigestException(Fault.FULL));
    };
  }

  private User user(Proof proof) {
    return User.create(
        new JsonObject().put("username", proof.account.name()), new JsonObject().put(PROOF, proof));
  }

  /** Returns what the authenticator wants to know about a user of {@link #authenticate}. */
  static Verdict verdict(User user) {
    Proof proof = (Proof) user.attributes().getValue(PROOF);
    Identity identity = proof.account.identity();
    return Verdict.of(identity, proof::receipt);
  }

  /** A verified request, kept until its response is sent. */
  private final class Proof {
    private final Account account;
    private final DigestCredentials credentials;
    private final Nonce nonce;

    Proof(Account account, DigestCredentials credentials, Nonce nonce) {
      this.account = account;
      this.credentials = credentials;
      this.nonce = nonce;
    }

    /** Makes Authentication-Info (RFC 7616, Section 3.5): we know the user's secret too. */
    String receipt(byte[] responseBody) {
      String secret = String.valueOf(secret(account, credentials));
      StringBuilder field = new StringBuilder(256);
      field
          .append("rspauth=\"")
          .append(credentials.responseAuth(secret, responseBody))
          .append("\", cnonce=")
          .append(DigestFields.quote(credentials.cnonce()))
          .append(", nc=")
          .append(credentials.countDigits())
          .append(", qop=")
          .append(credentials.coversBody() ? "auth-int" : "auth");
      // A new nonce for each request would forbid pipelining, and one in a session is ambiguous:
      // A1 holds the session's first.
      if (mint.isAgeing(nonce) && !credentials.variant().session()) {
        field.append(", nextnonce=\"").append(mint.mint()).append('"');
      }
      return field.toString();
    }
  }

  /**
   * How Digest is offered; immutable.
   *
   * @param realm that users belong to, printable ASCII without quotes and backslashes
   * @param offered one challenge each, most preferred first
   * @param hideUsers whether clients are asked to send the hash of the user's name (userhash)
   */
  public record DigestRules(String realm, List<Variant> offered, boolean hideUsers) {
    /** Copies {@code offered}. */
    public DigestRules {
      offered = List.copyOf(offered);
    }

    /** Returns the algorithms that a client may choose from. */
    public Set<DigestAlgorithm> algorithms() {
      Set<DigestAlgorithm> algorithms = EnumSet.noneOf(DigestAlgorithm.class);
      offered.forEach(variant -> algorithms.add(variant.algorithm()));
      return algorithms;
    }
  }
}
