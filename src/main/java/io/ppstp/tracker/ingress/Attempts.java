package io.ppstp.tracker.ingress;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Takes from HTTP what the authenticator has to know. Stateless. */
final class Attempts {
  private static final byte[] NO_BODY = new byte[0];
  private static final Future<Verdict> AMBIGUOUS =
      Future.succeededFuture(Verdict.denied(ErrorCode.BAD_REQUEST, List.of()));

  private Attempts() {}

  /**
   * Has {@code authenticator} judge the request of {@code exchange} whose body is {@code body}.
   *
   * @param certificates whether clients were asked for one; otherwise looking for it would cost an
   *     exception with every request over TLS
   */
  static Future<Verdict> judge(
      Authenticator authenticator, Exchange exchange, byte[] body, boolean certificates) {
    return exchange.torrents == null
        ? ofFields(authenticator, exchange, body, certificates)
        : judge(authenticator, exchange, exchange.torrents.target(), certificates);
  }

  private static Future<Verdict> ofFields(
      Authenticator authenticator, Exchange exchange, byte[] body, boolean certificates) {
    HttpServerRequest request = exchange.request;
    List<String> authorizations = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (authorizations.size() > 1) {
      return AMBIGUOUS;
    }
    return judge(
        authenticator,
        exchange,
        request.uri(),
        authorizations.isEmpty() ? null : authorizations.get(0),
        body,
        certificates);
  }

  /**
   * Has it judge a request without a body that may bring a bearer token in its target: as if that
   * were in its field, where there must be none besides (RFC 6750, Section 2).
   */
  static Future<Verdict> judge(
      Authenticator authenticator, Exchange exchange, RequestTarget target, boolean certificates) {
    String token = target.token();
    if (token == null) {
      return ofFields(authenticator, exchange, NO_BODY, certificates);
    }
    return target.repeated() || exchange.request.headers().contains(HttpHeaders.AUTHORIZATION)
        ? AMBIGUOUS
        : judge(authenticator, exchange, target.path(), "Bearer " + token, NO_BODY, certificates);
  }

  private static Future<Verdict> judge(
      Authenticator authenticator,
      Exchange exchange,
      String target,
      @Nullable String authorization,
      byte[] body,
      boolean certificates) {
    HttpServerRequest request = exchange.request;
    return authenticator.judge(
        new AuthAttempt(
            request.method().name(),
            target,
            authorization,
            body,
            certificates ? chain(request.connection().sslSession()) : List.of(),
            exchange.origin.client()));
  }

  private static List<X509Certificate> chain(@Nullable SSLSession session) {
    if (session == null) {
      return List.of();
    }
    try {
      return Stream.of(session.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }
}
