package io.ppstp.tracker.ingress;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthAttempt;
import io.ppstp.tracker.security.Authenticator;
import io.ppstp.tracker.security.Verdict;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Takes from HTTP what the gate has to know. Stateless. */
final class Attempts {
  private static final Future<Verdict> AMBIGUOUS =
      Future.succeededFuture(Verdict.denied(ErrorCode.BAD_REQUEST, List.of()));

  private Attempts() {}

  /**
   * Has {@code gate} judge the request of {@code exchange} whose body is {@code body}.
   *
   * @param certificates whether clients were asked for one; otherwise looking for it would cost an
   *     exception with every request over TLS
   */
  static Future<Verdict> judge(
      Authenticator gate, Exchange exchange, byte[] body, boolean certificates) {
    HttpServerRequest request = exchange.request;
    List<String> authorizations = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (authorizations.size() > 1) {
      return AMBIGUOUS;
    }
    return gate.judge(
        new AuthAttempt(
            request.method().name(),
            request.uri(),
            authorizations.isEmpty() ? null : authorizations.get(0),
            body,
            certificates ? certificate(request.connection().sslSession()) : null,
            exchange.origin.client()));
  }

  private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
