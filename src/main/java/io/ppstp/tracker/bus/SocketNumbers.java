package io.ppstp.tracker.bus;

/**
 * The numbers of a node's WebSockets, of 40 bits: the instance of ingress that holds the socket,
 * and a number of its own there, which no other socket gets while the node runs. Stateless.
 */
public final class SocketNumbers {
  /** Bits that a number has at most. */
  public static final int BITS = 40;

  private static final int OWN_BITS = 34;
  private static final long OWN = (1L << OWN_BITS) - 1;

  private SocketNumbers() {}

  /** Returns the number of the socket that is the {@code own}th of an instance, of 64 at most. */
  public static long of(int instance, long own) {
    return (long) instance << OWN_BITS | (own & OWN);
  }

  /** Returns the instance that holds a socket. */
  public static int instanceOf(long socket) {
    return (int) (socket >>> OWN_BITS) & 63;
  }
}
