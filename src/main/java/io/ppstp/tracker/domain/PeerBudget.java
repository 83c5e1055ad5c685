package io.ppstp.tracker.domain;

/** Counts registrations and their memberships against hard limits. Thread-safe: shards share it. */
public interface PeerBudget {
  /** A budget without an end. */
  PeerBudget UNLIMITED =
      new PeerBudget() {
        @Override
        public boolean tryReserve(int peers, int memberships) {
          return true;
        }

        @Override
        public void release(int peers, int memberships) {}
      };

  /**
   * Takes room, or returns false and takes none if there is not enough left.
   *
   * @param peers registrations
   * @param memberships as {@link SwarmKey#weight} counts them
   */
  boolean tryReserve(int peers, int memberships);

  /** Gives room back. */
  void release(int peers, int memberships);
}
