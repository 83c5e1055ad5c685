package io.ppstp.tracker.domain;

/** Counts registrations against a limit, which is out of reach unless a test lowers it. */
final class CountingBudget implements PeerBudget {
  int limit = Integer.MAX_VALUE;
  int reserved;

  @Override
  public boolean tryReserve() {
    if (reserved >= limit) {
      return false;
    }
    reserved++;
    return true;
  }

  @Override
  public void release() {
    reserved--;
  }
}
