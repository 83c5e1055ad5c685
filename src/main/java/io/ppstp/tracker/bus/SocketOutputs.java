package io.ppstp.tracker.bus;

import java.util.List;

/** From the room of browsers to ingress: what to send over WebSockets, in this order; immutable. */
public record SocketOutputs(List<Output> outputs) {
  /** Copies {@code outputs}. */
  public SocketOutputs {
    outputs = List.copyOf(outputs);
  }

  /**
   * One message.
   *
   * @param relayed whether it comes from another peer, and may be dropped where the socket's other
   *     end does not read
   */
  public record Output(long socket, String message, boolean relayed) {}
}
