package io.ppstp.tracker.membership;

/**
 * How long a member is told to wait until its next announce: so much of the track timer that one
 * announce may be lost. Immutable.
 *
 * @param trackMs the track timer, in milliseconds
 */
public record AnnounceInterval(long trackMs) {
  private static final double SHARE = 2.0 / 3;

  /** What members are told differs by so much either way, lest all come at once for ever. */
  private static final double SPREAD = 0.1;

  private static final double MS_PER_SECOND = 1000;

  /**
   * Returns the seconds until the next announce.
   *
   * @param chance from 0 to 1, drawn anew for each answer
   */
  public int seconds(double chance) {
    double seconds = trackMs / MS_PER_SECOND * SHARE * (1 - SPREAD + 2 * SPREAD * chance);
    return (int) Math.max(1, Math.round(seconds));
  }
}
