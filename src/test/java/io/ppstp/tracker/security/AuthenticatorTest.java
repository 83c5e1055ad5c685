package io.ppstp.tracker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.limits.Client;
import io.ppstp.tracker.limits.LimitRules;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which way in a request takes, and what it is told when there is none. */
class AuthenticatorTest {
  private static final Identity ALICE =
      new Identity("alice", "one", new Permissions(List.of("alice")), Permissions.ANY);
  private static final Verdict LET_IN = Verdict.of(ALICE, null);
  private static final Verdict STALE = Verdict.stale(List.of("One stale=true"));

  private final Authenticator gate =
      new Authenticator(List.of(scheme("one", STALE), scheme("two", LET_IN)), true, new Audit());

  @Test
  void anOpenGateHasNothingToJudge() {
    assertTrue(Authenticator.OPEN.isOpen());
    assertFalse(gate.isOpen());
    assertSame(Verdict.ANONYMOUS, Authenticator.OPEN.judge(attempt(null)).result());
  }

  @Test
  void withoutCredentialsEveryWayInIsNamed() {
    assertEquals(denied("One fresh", "Two fresh"), gate.judge(attempt(null)).result());
  }

  @Test
  void aSchemeThatIsNotOnIsRefusedEvenWhereNobodyMustAuthenticate() {
    Authenticator lenient = new Authenticator(List.of(scheme("one", LET_IN)), false, new Audit());

    assertEquals(denied("One fresh"), lenient.judge(attempt("Basic YTpi")).result());
    assertSame(Verdict.ANONYMOUS, lenient.judge(attempt(null)).result());
  }

  @Test
  void theSchemeOfTheCredentialsDecides() {
    assertSame(LET_IN, gate.judge(attempt("TWO x")).result());
  }

  @Test
  void aRefusalNamesTheOtherWaysToo() {
    assertEquals(denied("One stale=true", "Two fresh"), gate.judge(attempt("One x")).result());
  }

  @Test
  void badCredentialsCountTowardsALockOutAndNothingElseDoes() {
    LimitRules none = LimitRules.NONE;
    LimitRules rules =
        new LimitRules(
            none.exempt(),
            none.ipv4Bits(),
            none.connections(),
            none.requests(),
            none.identityRequests(),
            none.registrations(),
            none.peersPerAddress(),
            new LimitRules.LockOut(2, Duration.ofMinutes(1), Duration.ofMinutes(5)));
    Limits limits = new Limits(rules, () -> 7, 7, Duration.ofMinutes(3), 10);
    Authenticator strict =
        new Authenticator(
            List.of(scheme("one", STALE), scheme("two", LET_IN), scheme("bad", denied("Bad"))),
            true,
            new Audit(),
            limits.lockouts());
    Client client = attempt(null).from();

    for (int i = 0; i < 100; i++) {
      strict.judge(attempt(null));
      strict.judge(attempt("One old"));
      strict.judge(attempt("Two good"));
    }
    strict.judge(attempt("Bad x"));
    assertTrue(limits.request(client).isZero());
    strict.judge(attempt("Unheard-of x"));
    assertEquals(Duration.ofMinutes(5), limits.request(client));
    assertTrue(limits.request(new Client(neighbour(), false)).isZero());
  }

  private static IpAddress neighbour() {
    return Objects.requireNonNull(IpAddress.parse("192.0.2.2"));
  }

  private static Verdict denied(String... challenges) {
    return Verdict.denied(ErrorCode.AUTHENTICATION_REQUIRED, List.of(challenges));
  }

  private static AuthAttempt attempt(@Nullable String authorization) {
    IpAddress client = Objects.requireNonNull(IpAddress.parse("192.0.2.1"));
    return new AuthAttempt("POST", "/", authorization, new byte[0], null, client);
  }

  private static Scheme scheme(String name, Verdict verdict) {
    return new Scheme() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean claims(AuthAttempt attempt) {
        return attempt.schemeName().equals(name);
      }

      @Override
      public Future<Verdict> judge(AuthAttempt attempt) {
        return Future.succeededFuture(verdict);
      }

      @Override
      public List<String> challenges() {
        return List.of(
            name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + " fresh");
      }
    };
  }
}
