package io.ppstp.tracker.bench;

/** How long and how large a run is. Immutable. */
record Scale(
    int connections,
    long warmUpMs,
    long warmUpAnswers,
    long roundMs,
    int rounds,
    long halfLoadMs,
    boolean withCluster,
    boolean withOthers,
    int manyPeers,
    int silentPeers) {

  /** The run whose figures count. */
  static final Scale FULL =
      new Scale(64, 12_000, 250_000, 4000, 5, 15_000, true, true, 1_000_000, 200_000);

  /** A run to see that all works; its figures are rough. */
  static final Scale QUICK = new Scale(64, 2000, 20_000, 1500, 3, 4000, true, true, 100_000, 20_000);
}
