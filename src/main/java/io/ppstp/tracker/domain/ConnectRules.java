package io.ppstp.tracker.domain;

/**
 * The part of the configuration that decides a CONNECT; immutable. It travels with the command, so
 * that a command does the same wherever it is decided.
 *
 * @param maxSwarms memberships of one peer at most
 * @param room how many memberships the peer may have more than before, as {@link
 *     io.ppstp.tracker.domain.swarm.SwarmKey#weight} counts them; beyond, the request is refused
 *     with 05
 * @param refuseReusedTransactions answer a transaction ID that comes again with other content with
 *     01 (RFC 7846, Section 4.3)
 * @param trackMs the track timer, in milliseconds; also how long a repeated CONNECT is recognised
 * @param silenceMs how long a peer without credentials has been silent when anybody may register
 *     its ID anew, in milliseconds
 */
public record ConnectRules(
    ConnectPolicy policy,
    int maxSwarms,
    int room,
    boolean refuseReusedTransactions,
    long trackMs,
    long silenceMs) {
  private static final int SILENCE_DIVISOR = 3;

  /** Makes rules by which a peer is silent for long after a third of the track timer. */
  public ConnectRules(
      ConnectPolicy policy,
      int maxSwarms,
      int room,
      boolean refuseReusedTransactions,
      long trackMs) {
    this(policy, maxSwarms, room, refuseReusedTransactions, trackMs, trackMs / SILENCE_DIVISOR);
  }

  /** Returns these with another {@code room}. */
  ConnectRules within(int newRoom) {
    return new ConnectRules(
        policy, maxSwarms, newRoom, refuseReusedTransactions, trackMs, silenceMs);
  }

  /** How CONNECT combinations are judged that Table 6 of RFC 7846 forbids or does not list. */
  public enum ConnectPolicy {
    /** As the table has it: a registered seeder that joins more swarms starts over. */
    TABLE6,
    /** A registered peer may join and leave as it likes; for edge caches that add titles. */
    ADDITIVE
  }
}
