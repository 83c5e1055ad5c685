package io.ppstp.tracker.bus;

/** From ingress to the room of browsers: what happened to a WebSocket; immutable. */
public sealed interface SocketEvent {

  /** Returns the socket, as {@link SocketNumbers} have it. */
  long socket();

  /** A socket was opened. */
  record Opened(long socket, Requester requester) implements SocketEvent {}

  /** A message came, whole but unread. Immutable by agreement: the bytes are not copied. */
  @SuppressWarnings("ArrayRecordComponent")
  record Received(long socket, byte[] message) implements SocketEvent {}

  /** A socket is closed, and nothing more comes of it. */
  record Closed(long socket) implements SocketEvent {}
}
