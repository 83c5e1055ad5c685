package io.ppstp.tracker.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of PPSTP requests that are told apart, since their answers differ in length. */
enum Kind {
  STAT_REPORT(0, 0),
  FIND(1, 29),
  SWITCH(2, 20),
  JOIN(3, 20),
  LEAVE(4, 0);

  private static final int LEAST_PEER_BYTES = 120;
  private static final int LEAST_BODY_BYTES = 100;

  private final int number;
  private final int leastListed;

  /** Peers that an answer lists, or more, where swarms are large enough. */
  Kind(int number, int leastListed) {
    this.number = number;
    this.leastListed = leastListed;
  }

  /** Returns the number by which plans and scripts know this. */
  int number() {
    return number;
  }

  /** Returns the path that requests of this kind are posted to; the tracker serves any. */
  String path() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the bytes that an answer of each kind has at least.
   *
   * @param others how many members beside the one who asks the smallest swarm has
   */
  static List<Integer> leastBodies(int others) {
    return Stream.of(values())
        .map(kind -> Math.min(kind.leastListed, others) * LEAST_PEER_BYTES)
        .map(bytes -> Math.max(bytes, LEAST_BODY_BYTES))
        .toList();
  }
}
