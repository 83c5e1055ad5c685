package io.ppstp.tracker.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.limits.Limit;
import io.ppstp.tracker.limits.LimitRules;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.limits.Lockouts;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.security.AuthState.Identity;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.ppstp.tracker.testing.Authority;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way in a request takes, and what it is told when there is none. */
class AuthenticatorTest {
  private static final Identity ALICE =
      new Identity("alice", "one", new Permissions(List.of("alice")), Permissions.ANY);
  private static final Verdict LET_IN = Verdict.of(ALICE, null);
  private static final Verdict OUTDATED = Verdict.outdated(List.of("One stale=true"));

  @TempDir private Path folder = Path.of("set by JUnit");

  private final Authenticator authenticator =
      new Authenticator(List.of(scheme("one", OUTDATED), scheme("two", LET_IN)), true, new Audit());

  @Test
  void anOpenGateHasNothingToJudge() {
    assertTrue(Authenticator.OPEN.isOpen());
    assertFalse(authenticator.isOpen());
    assertSame(Verdict.ANONYMOUS, Authenticator.OPEN.judge(attempt(null)).result());
  }

  @Test
  void withoutCredentialsEveryWayInIsNamed() {
    assertEquals(denied("One fresh", "Two fresh"), authenticator.judge(attempt(null)).result());
  }

  @Test
  void aSchemeThatIsNotOnIsRefusedEvenWhereNobodyMustAuthenticate() {
    Authenticator lenient = new Authenticator(List.of(scheme("one", LET_IN)), false, new Audit());

    assertEquals(denied("One fresh"), lenient.judge(attempt("Basic YTpi")).result());
    assertSame(Verdict.ANONYMOUS, lenient.judge(attempt(null)).result());
  }

  @Test
  void someSwarmsMayNeedCredentialsAndOthersNone() {
    Authenticator half =
        new Authenticator(
            List.of(scheme("one", LET_IN)),
            false,
            new Permissions(List.of("members-*")),
            new Audit(),
            Lockouts.NONE);
    AuthState visitor = half.judge(attempt(null)).result().authState();

    assertNull(visitor.objectionTo(new Request.Find("1", "p", "open", null)));
    assertEquals(
        ErrorCode.AUTHENTICATION_REQUIRED,
        visitor.objectionTo(new Request.Find("1", "p", "members-7", null)));
    assertEquals(denied("One fresh"), half.unauthenticated());
    assertSame(LET_IN, half.judge(attempt("One x")).result());
  }

  @Test
  void theSchemeOfTheCredentialsDecides() {
    assertSame(LET_IN, authenticator.judge(attempt("TWO x")).result());
  }

  @Test
  void aRefusalNamesTheOtherWaysToo() {
    assertEquals(
        denied("One stale=true", "Two fresh"), authenticator.judge(attempt("One x")).result());
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
            new LimitRules.LockOut(2, Duration.ofMinutes(1), Duration.ofMinutes(5)),
            LimitRules.Ipv6.SLASH_64);
    Limits limits = new Limits(rules, () -> 7, 7, Duration.ofMinutes(3), 10);
    Authenticator strict =
        new Authenticator(
            List.of(scheme("one", OUTDATED), scheme("two", LET_IN), scheme("bad", denied("Bad"))),
            true,
            Permissions.NONE,
            new Audit(),
            limits.lockouts());
    Client client = attempt(null).from();

    for (int i = 0; i < 100; i++) {
      strict.judge(attempt(null));
      strict.judge(attempt("One old"));
      strict.judge(attempt("Two good"));
    }
    for (int i = 0; i < 100; i++) {
      strict.judge(attempt("Unheard-of x"));
    }
    strict.judge(attempt("Bad x"));
    assertTrue(limits.lockouts().remaining(client).isZero());
    strict.judge(attempt("Bad x"));
    assertEquals(Duration.ofMinutes(5), limits.lockouts().remaining(client));
    Client neighbour = new Client(neighbour(), false);
    assertTrue(limits.lockouts().remaining(neighbour).isZero());

    for (int i = 0; i < 2; i++) {
      assertEquals(
          denied("One fresh", "Two fresh", "Bad"), strict.judge(attempt("Bad y")).result());
    }
    Verdict lockedOut = Verdict.lockedOut(Duration.ofMinutes(5));
    for (int i = 0; i < 100; i++) {
      assertEquals(lockedOut, strict.judge(attempt("Bad z")).result());
      assertEquals(lockedOut, strict.judge(attempt("Two never seen")).result());
      assertSame(LET_IN, strict.judge(attempt("Two good")).result());
      assertEquals(
          denied("One fresh", "Two fresh", "Bad fresh"), strict.judge(attempt(null)).result());
    }
    assertEquals(200, limits.hits(Limit.LOCK_OUT));
  }

  @Test
  void aProvedCertificateCountsBesideAnAuthorizationForSomebodyElse() throws Exception {
    Authority ours = Authority.found(folder, "ours");
    AtomicReference<ClientTrust> trust =
        new AtomicReference<>(new ClientTrust(List.of(ours.root()), List.of()));
    X509Certificate viewer = ours.issue("CN=viewer-1", it -> it).getCertificate();
    Authenticator certificates =
        new Authenticator(
            List.of(
                scheme("one", denied("One wrong")),
                scheme("two", LET_IN),
                new CertificateScheme(trust::get, InstantSource.system(), new Audit())),
            true,
            new Audit());

    assertEquals(
        denied("One fresh", "Two fresh", "ClientCertificate realm=\"ppstp-tracker\""),
        certificates.judge(attempt("Basic YTpi")).result());
    assertTrue(
        certificates.judge(certified("Basic YTpi", viewer)).result().authState().isAuthenticated());
    assertTrue(certificates.judge(certified(null, viewer)).result().authState().isAuthenticated());
    assertFalse(
        certificates.judge(certified("One x", viewer)).result().authState().isAuthenticated(),
        "what the request brings goes before the connection's");
    assertSame(LET_IN, certificates.judge(certified("Two x", viewer)).result());

    trust.set(new ClientTrust(List.of(Authority.found(folder, "new").root()), List.of()));
    for (String authorization : new String[] {null, "Two x", "Basic YTpi"}) {
      assertEquals(
          denied("One fresh", "Two fresh", "ClientCertificate realm=\"ppstp-tracker\""),
          certificates.judge(certified(authorization, viewer)).result(),
          "there would be no such connection now");
    }
  }

  private static AuthAttempt certified(
      @Nullable String authorization, X509Certificate certificate) {
    AuthAttempt without = attempt(authorization);
    return new AuthAttempt("POST", "/", authorization, new byte[0], certificate, without.client());
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
