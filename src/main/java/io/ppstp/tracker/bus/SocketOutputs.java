package io.ppstp.tracker.bus;

import java.util.List;

/** From the room of browsers to ingress: what to send over WebSockets, in this order; immutable. */
public record SocketOutputs(List<Output> outputs) {
  /** Copies {@code outputs}. */
  public SocketOutputs {
    outputs = List.copyOf(outputs);
  }

  /**
   * One message, or the end of a socket.
   *
   * @param message empty for the end
   * @param relayed whether it comes from another peer, and may be dropped where the socket's other
   *     end does not read
   */
  public record Output(long socket, String message, boolean relayed) {
    /** Returns what cuts a socket off. */
    public static Output cut(long socket) {
      return new Output(socket, "", false);
    }

    /** Returns whether the socket is to be cut off, whatever is still to be sent. */
    public boolean isCut() {
      return message.isEmpty();
    }
  }
}
