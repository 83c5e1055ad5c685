package io.ppstp.tracker.bench;

import java.util.Collection;

/** Warms up contests one after another and measures them in rounds that alternate. Stateless. */
final class Rounds {
  private Rounds() {}

  static void run(Collection<Contest> contests, Scale scale) {
    for (Contest contest : contests) {
      Bench.tell("warming up: " + contest.name());
      Bench.tell(contest.warmUp(scale.warmUp()).standing());
    }
    for (int round = 1; round <= scale.rounds(); round++) {
      Bench.tell("round " + round + " of " + scale.rounds());
      for (Contest contest : contests) {
        contest.round(scale.roundMs());
      }
    }
  }
}
