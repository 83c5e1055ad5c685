package io.ppstp.tracker.bus;

import java.util.List;

/**
 * Relays that travel together to one instance of the room of browsers, here or on another node;
 * immutable.
 *
 * @param node that they come from
 */
public record RelayBatch(long node, List<Relay> relays) {
  /** Relays that travel together at most. */
  public static final int MOST = 256;

  /** Copies {@code relays}. */
  public RelayBatch {
    relays = List.copyOf(relays);
  }
}
