package io.ppstp.tracker.tracker;

/** Counts registrations against a hard limit. Thread-safe: shards share it. */
public interface PeerBudget {

  /** Takes room for one registration, or returns false if there is none left. */
  boolean tryReserve();

  /** Gives back the room of one registration. */
  void release();
}
