package io.ppstp.tracker.ingress;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.ingress.connection.Channels;
import io.ppstp.tracker.ingress.connection.ClientAddresses;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.ingress.http.RequestHeads;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthState;
import io.ppstp.tracker.security.Authenticator;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges requests for a WebSocket: whose page they come from, who sends them, and whether there is
 * a place. Confined to one event loop.
 */
final class SocketGate {
  private static final Logger LOG = LoggerFactory.getLogger(SocketGate.class);

  private final BrowserSockets sockets;
  private final ConnectionTracker connections;
  private final Authenticator authenticator;
  private final boolean certificates;
  private final BiConsumer<Exchange, Refusal> refusal;
  private final BiConsumer<Exchange, ErrorCode> denial;

  /**
   * Makes a gate.
   *
   * @param certificates whether clients are asked for one
   * @param refusal answers a request that is refused
   * @param denial answers one whose sender may not be answered, with what its verdict says
   */
  SocketGate(
      BrowserSockets sockets,
      ConnectionTracker connections,
      Authenticator authenticator,
      boolean certificates,
      BiConsumer<Exchange, Refusal> refusal,
      BiConsumer<Exchange, ErrorCode> denial) {
    this.sockets = sockets;
    this.connections = connections;
    this.authenticator = authenticator;
    this.certificates = certificates;
    this.refusal = refusal;
    this.denial = denial;
  }

  /** Opens a WebSocket for a request that asks for one, or answers it otherwise. */
  void admit(Exchange exchange) {
    RequestTarget target = sockets.target(exchange.request);
    if (target == null) {
      refusal.accept(exchange, Refusal.NOT_FOUND);
    } else if (sockets.isForeign(exchange.request)) {
      refusal.accept(exchange, Refusal.FOREIGN_ORIGIN);
    } else if (RequestHeads.announcesBody(exchange.request)) {
      // Nobody could tell where it ends and frames begin, and it might never come.
      refusal.accept(exchange, Refusal.ofHttp(400));
    } else if (authenticator.isOpen()) {
      open(exchange);
    } else {
      judge(exchange, target);
    }
  }

  private void judge(Exchange exchange, RequestTarget target) {
    HttpServerRequest request = exchange.request.pause();
    Attempts.judge(authenticator, exchange, target, certificates)
        .onComplete(
            judged -> {
              request.resume();
              if (exchange.over || !Channels.isOpen(request.connection())) {
                LOG.debug("who asked for a WebSocket has gone");
              } else if (judged.failed()) {
                LOG.debug("a sender could not be judged", judged.cause());
                refusal.accept(exchange, Refusal.OVERLOADED);
              } else {
                exchange.verdict = judged.result();
                openIfAllowed(exchange);
              }
            });
  }

  private void openIfAllowed(Exchange exchange) {
    AuthState authState = exchange.verdict.authState();
    if (authState instanceof AuthState.LockedOut lockedOut) {
      refusal.accept(exchange, Refusal.tooMany(lockedOut.remaining()));
    } else if (authState instanceof AuthState.Denied denied) {
      denial.accept(exchange, denied.code());
    } else {
      open(exchange);
    }
  }

  private void open(Exchange exchange) {
    ClientAddresses.ClientOrigin origin = exchange.origin;
    Requester requester =
        new Requester(origin.client(), origin.port(), exchange.verdict.authState(), null);
    ConnectionState connection = exchange.connectionState;
    BrowserSockets.Place place = sockets.tryPlace(requester, connection);
    if (place == null) {
      refusal.accept(exchange, Refusal.NO_SOCKET);
      return;
    }
    sockets
        .open(exchange.request, requester, place, () -> connections.upgraded(connection))
        .onFailure(failure -> LOG.debug("no WebSocket, as was answered", failure));
  }
}
