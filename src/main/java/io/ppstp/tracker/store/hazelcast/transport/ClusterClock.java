package io.ppstp.tracker.store.hazelcast.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time by which registrations age: the same on all nodes, within what a message takes, and
 * never moved by anybody's wall clock. Thread-safe.
 *
 * <p>It goes by this node's monotonic clock. The first node of a cluster starts it at its wall
 * time, and everyone else takes it over from the oldest member: at once when it joins, and from
 * then on by a little at a time, so that clocks that run differently stay together and no step of
 * any clock lets peers expire early or late.
 */
public final class ClusterClock {
  /** How much the time may be set forward or back in a second. */
  private static final long MOST_SLEW_PER_SECOND_MS = 10;

  /** The first answers, of which that counts which was under way for the shortest time. */
  private static final int FIRST_ANSWERS = 6;

  /** An answer that was under way for so many times as long as others says too little. */
  private static final long MOST_TIMES_LONGER = 4;

  private static final long SHORT_ROUND_NS = TimeUnit.MILLISECONDS.toNanos(3);

  private static final long NS_PER_MS = 1_000_000;

  private final LongSupplier nanoClock;

  /** To be added to the monotonic clock. */
  private volatile long offsetMs;

  private int answers;
  private long shortestRoundNs = Long.MAX_VALUE;
  private long lastSlewNs;

  /**
   * Starts a time.
   *
   * @param startMs what it is now
   * @param nanoClock monotonic
   */
  public ClusterClock(long startMs, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lastSlewNs = nanoClock.getAsLong();
    this.offsetMs = startMs - lastSlewNs / NS_PER_MS;
  }

  /** Returns the time, in milliseconds. */
  public long millis() {
    return nanoClock.getAsLong() / NS_PER_MS + offsetMs;
  }

  /** Lets the next answers set the time at once, because this node has joined a cluster. */
  public synchronized void join() {
    answers = 0;
    shortestRoundNs = Long.MAX_VALUE;
  }

  /** Returns whether the time is that of the cluster. */
  public synchronized boolean isJoined() {
    return answers >= FIRST_ANSWERS;
  }

  /** This node's time is the cluster's. */
  public synchronized void lead() {
    answers = FIRST_ANSWERS;
  }

  /**
   * Follows the oldest member.
   *
   * @param remoteMs what its clock said when it answered
   * @param sentNs when it was asked, by this node's monotonic clock
   */
  public synchronized void follow(long remoteMs, long sentNs) {
    long nowNs = nanoClock.getAsLong();
    long roundNs = nowNs - sentNs;
    long difference = remoteMs + roundNs / 2 / NS_PER_MS - millis();
    if (!isJoined()) {
      if (sentNs - lastSlewNs < 0) {
        // Of questions that were under way together, one pause may have held up all the answers.
        return;
      }
      answers++;
      if (roundNs < shortestRoundNs) {
        shortestRoundNs = roundNs;
        offsetMs += difference;
      }
      lastSlewNs = nowNs;
      return;
    }
    if (roundNs / MOST_TIMES_LONGER > Math.max(shortestRoundNs, SHORT_ROUND_NS)) {
      // Should the network have become slower, such an answer is believed before long.
      shortestRoundNs += Math.max(shortestRoundNs, SHORT_ROUND_NS) / MOST_TIMES_LONGER;
      return;
    }
    shortestRoundNs = Math.min(shortestRoundNs, roundNs);
    long most = (nowNs - lastSlewNs) * MOST_SLEW_PER_SECOND_MS / TimeUnit.SECONDS.toNanos(1);
    if (most > 0) {
      offsetMs += Math.max(-most, Math.min(most, difference));
      lastSlewNs = nowNs;
    }
  }
}
