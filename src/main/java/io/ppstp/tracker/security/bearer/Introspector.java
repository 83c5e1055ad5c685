package io.ppstp.tracker.security.bearer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.security.Reloadable;
import io.ppstp.tracker.security.bearer.Finding.TokenFault;
import io.ppstp.tracker.security.bearer.Jwt.Claims;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the issuer about tokens (RFC 7662). What it says is kept for a short while; requests with
 * the same token share one question, and there are only so many questions at a time. Thread-safe.
 *
 * <p>Nobody who sends tokens that are made up gets all the places for questions: a client may have
 * one more as long as four times those it has are fewer than the free ones.
 */
final class Introspector {
  private static final Logger LOG = LoggerFactory.getLogger(Introspector.class);

  /** A revoked token goes on working for so long. */
  private static final long LIFE_MS = 30_000;

  private static final int MOST_QUESTIONS = 256;

  /** One client gets a fifth of all places at most, two get a sixth each, and so on. */
  private static final int FREE_PER_QUESTION = 4;

  private final Function<String, Future<Buffer>> server;
  private final ClaimsCheck check;
  private final InstantSource clock;
  private final TokenCache<Finding> good = new TokenCache<>(LIFE_MS);

  /** Apart from the good, so that a flood of bad tokens does not push those out. */
  private final TokenCache<Finding> bad = new TokenCache<>(LIFE_MS);

  private final Map<TokenCache.TokenDigest, Future<Finding>> questions = new HashMap<>();
  private final Map<Object, Integer> questionsByClient = new HashMap<>();
  private volatile boolean away;

  /**
   * Makes one that knows nothing yet.
   *
   * @param server asks about a token; never throws
   */
  Introspector(Function<String, Future<Buffer>> server, ClaimsCheck check, InstantSource clock) {
    this.server = server;
    this.check = check;
    this.clock = clock;
  }

  /**
   * Judges {@code token}; the future never fails and completes on any thread.
   *
   * @param client who sent it, by value: whose share a question is counted in
   */
  Future<Finding> ask(String token, Object client) {
    TokenCache.TokenDigest digest = TokenCache.digest(token);
    Finding known = good.get(digest, clock.millis());
    if (known == null) {
      known = bad.get(digest, clock.millis());
    }
    return known == null ? shared(digest, token, client) : Future.succeededFuture(current(known));
  }

  /** What is kept can expire before its time here is over. */
  private Finding current(Finding known) {
    return known instanceof Finding.Good it && clock.millis() >= it.untilMs()
        ? new Finding.Bad(TokenFault.EXPIRED)
        : known;
  }

  private Future<Finding> shared(TokenCache.TokenDigest digest, String token, Object client) {
    Promise<Finding> answered = Promise.promise();
    synchronized (questions) {
      Future<Finding> asked = questions.get(digest);
      if (asked != null) {
        return asked;
      }
      int held = questionsByClient.getOrDefault(client, 0);
      if (held * FREE_PER_QUESTION >= MOST_QUESTIONS - questions.size()) {
        return Future.succeededFuture(new Finding.Bad(TokenFault.UNDECIDED));
      }
      questions.put(digest, answered.future());
      questionsByClient.put(client, held + 1);
    }
    server
        .apply(token)
        .map(this::read)
        .map(finding -> ofKnown(digest, finding))
        .otherwise(this::missed)
        .onSuccess(
            finding -> {
              keep(digest, finding);
              synchronized (questions) {
                questions.remove(digest);
                questionsByClient.computeIfPresent(
                    client, (key, count) -> count > 1 ? count - 1 : null);
              }
              answered.complete(finding);
            });
    return answered.future();
  }

  /** A token that was active here some time ago is no guess when it is so no longer. */
  private Finding ofKnown(TokenCache.TokenDigest digest, Finding finding) {
    return finding.equals(new Finding.Bad(TokenFault.INACTIVE)) && good.remembers(digest)
        ? new Finding.Bad(TokenFault.ENDED)
        : finding;
  }

  private void keep(TokenCache.TokenDigest digest, Finding finding) {
    if (finding instanceof Finding.Good it) {
      good.put(digest, finding, it.untilMs(), clock.millis());
    } else if (((Finding.Bad) finding).fault() != TokenFault.UNDECIDED) {
      bad.put(digest, finding, Long.MAX_VALUE, clock.millis());
    }
  }

  private Finding read(Buffer response) {
    Claims claims = Claims.parse(response);
    if (claims == null) {
      return missed("its answer is not a JSON object");
    }
    away = false;
    TokenFault objection = check.objectionToResponse(claims);
    return objection == null ? check.identify(claims) : new Finding.Bad(objection);
  }

  private Finding missed(Throwable why) {
    return missed(String.valueOf(why.getMessage()));
  }

  /** Says so once; the server may be away for long. */
  private Finding missed(String why) {
    if (!away) {
      LOG.warn(
          "auth.bearer.introspection: nothing from the server ({}); tokens are answered 05", why);
    }
    away = true;
    return new Finding.Bad(TokenFault.UNDECIDED);
  }

  /** What the tracker proves itself with to its issuer's server, from a file. Thread-safe. */
  static final class ClientSecret implements Reloadable {
    private static final long LONGEST = 4096;

    private final String clientId;
    private final Path file;
    private volatile String authorization;

    /**
     * Reads {@code file}. Blocks.
     *
     * @throws IOException if it is not good, in words for the operator
     */
    ClientSecret(String clientId, Path file) throws IOException {
      this.clientId = clientId;
      this.file = file;
      this.authorization = read(clientId, file);
    }

    private static String read(String clientId, Path file) throws IOException {
      if (Files.size(file) > LONGEST) {
        throw new IOException("the client secret '" + file + "' is longer than " + LONGEST);
      }
      String secret = new String(Files.readAllBytes(file), UTF_8).strip();
      if (secret.isEmpty()) {
        throw new IOException("the client secret '" + file + "' is empty");
      }
      // RFC 6749, Section 2.3.1: both are form-encoded before they are joined.
      String pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    /** Returns the value of {@code Authorization}. */
    String authorization() {
      return authorization;
    }

    @Override
    public String name() {
      return "client secret";
    }

    @Override
    public Set<Path> files() {
      return Set.of(file);
    }

    @Override
    public void reload() throws IOException {
      authorization = read(clientId, file);
    }
  }
}
