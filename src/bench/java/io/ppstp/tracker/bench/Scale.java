package io.ppstp.tracker.bench;

/** How long and how large a run is. Immutable. */
record Scale(
    int connections,
    WarmUp warmUp,
    long roundMs,
    int rounds,
    long halfLoadMs,
    int manyPeers,
    int silentPeers,
    int idleViewers) {

  /** The run whose figures count. */
  static final Scale FULL =
      new Scale(64, new WarmUp(3000, 60_000, 30_000), 4000, 5, 15_000, 1_000_000, 200_000, 15_000);

  /** A run to see that all works; its figures are rough, but those of servers that are warm. */
  static final Scale QUICK =
      new Scale(64, new WarmUp(2000, 60_000, 30_000), 1500, 3, 4000, 100_000, 20_000, 8000);

  /** Returns the same with another bound of the warm-up of a server of one process. */
  Scale withWarmUpOf(long mostMs) {
    WarmUp other = new WarmUp(warmUp.windowMs(), mostMs, warmUp.morePerProcessMs());
    return new Scale(
        connections, other, roundMs, rounds, halfLoadMs, manyPeers, silentPeers, idleViewers);
  }
}
