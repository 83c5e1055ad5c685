package io.ppstp.tracker.simulate.network;

/** Counts what a stream came to. Not thread-safe. */
final class StreamFigures {
  private static final int MOST_WAIT = 10_000;

  /** Networks with fewer chunks than a hundred viewers play in a minute are left to chance. */
  private static final long LEAST_DUE = 12_000;

  private final long[] due;
  private final long[] there;
  private final int[] starts = new int[MOST_WAIT + 1];
  private long listed;
  private long listedNear;
  private long sent;
  private long between;
  private long betweenRegions;
  private int mostCutOff;

  StreamFigures(int networks) {
    due = new long[networks + 1];
    there = new long[networks + 1];
  }

  void listed(boolean near) {
    listed++;
    listedNear += near ? 1 : 0;
  }

  void sent(boolean toAnotherNetwork, boolean toAnotherRegion) {
    sent++;
    between += toAnotherNetwork ? 1 : 0;
    betweenRegions += toAnotherRegion ? 1 : 0;
  }

  void due(int network, boolean isThere) {
    due[network]++;
    there[network] += isThere ? 1 : 0;
  }

  void started(int chunks) {
    starts[Math.min(chunks, MOST_WAIT)]++;
  }

  void cutOff(int peers) {
    mostCutOff = Math.max(mostCutOff, peers);
  }

  NetworkResult result(String policy, double chunksPerSecond) {
    long allDue = 0;
    long allThere = 0;
    double worst = 1;
    for (int i = 0; i < due.length; i++) {
      allDue += due[i];
      allThere += there[i];
      worst = due[i] < LEAST_DUE ? worst : Math.min(worst, share(there[i], due[i]));
    }
    return new NetworkResult(
        policy,
        share(listedNear, listed),
        share(between, sent),
        share(betweenRegions, sent),
        waited(0.5) / chunksPerSecond,
        waited(0.95) / chunksPerSecond,
        share(allThere, allDue),
        worst,
        mostCutOff);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private int waited(double quantile) {
    long all = 0;
    for (int count : starts) {
      all += count;
    }
    long left = (long) Math.ceil(all * quantile);
    for (int chunks = 0; chunks <= MOST_WAIT; chunks++) {
      left -= starts[chunks];
      if (left <= 0) {
        return chunks;
      }
    }
    return MOST_WAIT;
  }
}
