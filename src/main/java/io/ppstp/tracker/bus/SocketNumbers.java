package io.ppstp.tracker.bus;

/**
 * The numbers of a node's WebSockets, of 40 bits: the instance of ingress that holds the socket,
 * and a number of its own there, which no other socket gets while the node runs. Stateless.
 */
public final class SocketNumbers {
  /** Bits that a number has at most. */
  public static final int BITS = 40;

  /** Instances of ingress that sockets can be told apart of. */
  public static final int MOST_INSTANCES = 64;

  private static final int OWN_BITS = 34;
  private static final long OWN = (1L << OWN_BITS) - 1;

  private SocketNumbers() {}

  /**
   * Returns the number of the socket that is the {@code own}th of an instance.
   *
   * @throws IllegalArgumentException for an instance that is beyond {@link #MOST_INSTANCES}
   */
  public static long of(int instance, long own) {
    if (instance < 0 || instance >= MOST_INSTANCES) {
      throw new IllegalArgumentException("no instance of WebSockets: " + instance);
    }
    return (long) instance << OWN_BITS | (own & OWN);
  }

  /** Returns the instance that holds a socket. */
  public static int instanceOf(long socket) {
    return (int) (socket >>> OWN_BITS) & (MOST_INSTANCES - 1);
  }
}
