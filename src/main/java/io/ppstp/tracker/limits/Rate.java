package io.ppstp.tracker.limits;

/**
 * So many per second in the long run, and so many at once; immutable.
 *
 * @param perSecond 0 for no bound at all
 * @param burst at least 1
 */
public record Rate(int perSecond, int burst) {
  /** No bound at all. */
  public static final Rate UNBOUNDED = new Rate(0, 1);

  private static final long SECOND_NS = 1_000_000_000L;

  /** Returns the rate of {@code factor} of those who have this one. */
  Rate times(int factor) {
    return new Rate(
        (int) Math.min(SECOND_NS, (long) perSecond * factor),
        (int) Math.min(Integer.MAX_VALUE, (long) burst * factor));
  }

  boolean isBounded() {
    return perSecond > 0;
  }

  /** What one costs: the time after which it is forgotten. */
  long costNs() {
    return SECOND_NS / perSecond;
  }

  long burstNs() {
    return costNs() * burst;
  }
}
