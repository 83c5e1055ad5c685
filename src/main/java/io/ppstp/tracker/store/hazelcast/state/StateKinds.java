package io.ppstp.tracker.store.hazelcast.state;

import java.io.IOException;

/** The kinds of state objects that there are. Stateless. */
public final class StateKinds {
  /** The registrations. */
  public static final PeersKind PEERS = new PeersKind();

  /** The swarms. */
  public static final SwarmsKind SWARMS = new SwarmsKind();

  private StateKinds() {}

  /**
   * Returns the kind of a number.
   *
   * @throws IOException if it is none that this release knows
   */
  static StateKind<?, ?, ?> of(int number) throws IOException {
    return switch (number) {
      case PeersKind.NUMBER -> PEERS;
      case SwarmsKind.NUMBER -> SWARMS;
      default -> throw new IOException("state of kind " + number + "; update this node");
    };
  }
}
