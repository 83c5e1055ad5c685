package io.ppstp.tracker.bench;

/**
 * A mix of requests, by what a connection sends in one turn of its ring. What is neither CONNECT nor
 * FIND is STAT_REPORT. Immutable.
 *
 * @param name as it is called in the results
 * @param shares of the kinds of requests, for people
 * @param requests in all
 * @param movers viewers of the connection who switch the channel
 * @param moves how often each of them does, the last time back to where it came from
 * @param guests viewers beside who arrive once and depart once
 * @param finds how many FIND
 * @param leastOthers members beside the one who asks that each swarm has at all times; swarms vary
 *     in size while viewers move
 */
record Mix(
    String name,
    String shares,
    int requests,
    int movers,
    int moves,
    int guests,
    int finds,
    int leastOthers) {

  /** Viewers who stay: half of the CONNECTs are switches, a quarter each arrivals and departures. */
  static final Mix LIVE =
      new Mix(
          "Live mix", "60 % STAT_REPORT, 30 % FIND, 10 % CONNECT", 1000, 25, 2, 25, 300, 29);

  /** Viewers who zap: four in five CONNECTs are switches, a tenth each arrivals and departures. */
  static final Mix ZAPPING =
      new Mix(
          "Zapping mix",
          "50 % CONNECT, four in five of them switches, 25 % FIND, 25 % STAT_REPORT",
          1000,
          100,
          4,
          50,
          250,
          20);

  /** Returns how many CONNECTs there are. */
  int connects() {
    return movers * moves + 2 * guests;
  }
}
