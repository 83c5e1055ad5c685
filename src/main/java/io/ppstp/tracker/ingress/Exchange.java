package io.ppstp.tracker.ingress;

import io.ppstp.tracker.ingress.TorrentPaths.TorrentTarget;
import io.ppstp.tracker.ingress.connection.ClientAddresses.ClientOrigin;
import io.ppstp.tracker.ingress.http.Refusal;
import io.ppstp.tracker.security.Scheme.Verdict;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its response to be. Confined to the event loop of its connection. */
final class Exchange extends DeadlineQueue.Waiter<Exchange> {
  private static final byte[] EMPTY = new byte[0];

  /** Bytes that are looked through for the transaction ID of a request that is refused. */
  private static final int LONGEST_BEGINNING = 256 << 10;

  final long id;
  final HttpServerRequest request;
  final boolean exactMediaType;

  /** Its connection, null if that is closed already. */
  final @Nullable ConnectionState connectionState;

  /** Where the request is from. */
  final ClientOrigin origin;

  /** What a BitTorrent client asks for by it, null if it is of somebody else. */
  @Nullable TorrentTarget torrents;

  /** Whether its connection knows that it is over. */
  boolean over;

  /** Whether the sender waits to be asked for the body. */
  boolean awaitsContinue;

  /** Whether its answer is the last of its connection. */
  boolean closes;

  /** Why it is refused, null if it is not. */
  @Nullable Refusal refusal;

  /** Bytes of its answer that are not sent. */
  int unsentBytes;

  /** What the authenticator said about the sender. */
  Verdict verdict = Verdict.ANONYMOUS;

  /** How much of the body counts against the node's {@link ByteBudget} of bodies. */
  int bodyBytes;

  private @Nullable Buffer body;
  private int received;
  private boolean copied;

  Exchange(
      long id,
      HttpServerRequest request,
      @Nullable ConnectionState connectionState,
      ClientOrigin origin,
      boolean exactMediaType,
      long nowNs) {
    this.id = id;
    this.request = request;
    this.connectionState = connectionState;
    this.origin = origin;
    this.exactMediaType = exactMediaType;
    this.waitingSinceNs = nowNs;
  }

  /** Takes a piece of the body and returns how many bytes there are now. */
  int append(Buffer piece) {
    received += piece.length();
    if (body == null) {
      body = piece;
    } else if (copied) {
      body.appendBuffer(piece);
    } else {
      body = Buffer.buffer(body.length() + piece.length()).appendBuffer(body).appendBuffer(piece);
      copied = true;
    }
    return received;
  }

  boolean hasBytes() {
    return received > 0;
  }

  /** Returns the first bytes of what has come of the body. */
  byte[] beginning() {
    return body == null ? EMPTY : body.getBytes(0, Math.min(body.length(), LONGEST_BEGINNING));
  }

  /** Gives the body up; from now on pieces are only counted. */
  int discard(Buffer piece) {
    body = null;
    received += piece.length();
    return received;
  }

  /** Gives the body up once the request is answered. */
  void release() {
    body = null;
  }

  /** Returns the body, whole. */
  byte[] body() {
    return body == null ? EMPTY : body.getBytes();
  }

  /** Returns whether a response can still be sent. */
  boolean isOpen() {
    return !request.response().ended() && !request.response().closed();
  }
}
