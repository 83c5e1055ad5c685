package io.ppstp.tracker.bus;

import java.util.List;

/** From the room of browsers to ingress: what to send over WebSockets, in this order; immutable. */
public record SocketOutputs(List<Output> outputs) {
  /** Copies {@code outputs}. */
  public SocketOutputs {
    outputs = List.copyOf(outputs);
  }

  /**
   * One message, or the end of a socket. Immutable by agreement: the bytes are not copied.
   *
   * @param message a text in UTF-8; empty for the end
   * @param relayed whether it comes from another peer, and may be dropped where the socket's other
   *     end does not read
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Output(long socket, byte[] message, boolean relayed) {
    private static final byte[] NOTHING = {};

    /** Returns what cuts a socket off. */
    public static Output cut(long socket) {
      return new Output(socket, NOTHING, false);
    }

    /** Returns whether the socket is to be cut off, whatever is still to be sent. */
    public boolean isCut() {
      return message.length == 0;
    }
  }
}
