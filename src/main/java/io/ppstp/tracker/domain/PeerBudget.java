package io.ppstp.tracker.domain;

/** Counts registrations against a hard limit. Thread-safe: shards share it. */
public interface PeerBudget {
  /** A budget without an end. */
  PeerBudget UNLIMITED =
      new PeerBudget() {
        @Override
        public boolean tryReserve() {
          return true;
        }

        @Override
        public void release() {}
      };

  /** Takes room for one registration, or returns false if there is none left. */
  boolean tryReserve();

  /** Gives back the room of one registration. */
  void release();
}
