package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.List;

/** What JOIN, FIND and LEAVE cost in a giant swarm and in a small one of the same tracker. */
final class GiantSwarmTrial {
  private static final int SMALL = 1000;

  private final Scale scale;

  GiantSwarmTrial(Scale scale) {
    this.scale = scale;
  }

  /**
   * The outcome.
   *
   * @param giantMicros processor time per request in the giant swarm
   * @param smallMicros the same in the small one
   */
  record Outcome(double giantMicros, double smallMicros, double ratio) {}

  Outcome run() throws Exception {
    int giant = scale.manyPeers();
    try (Servers servers = new Servers("3g");
        LoadGenerator generator = new LoadGenerator()) {
      TrackerProcess tracker = servers.start(servers.tracker());
      List<Target> targets = List.of(Target.plain(tracker.http().getPort()));
      Audience audience = new Audience(32, 50, 1);
      for (Plan plan : List.of(audience.arrival(0, giant, 0, 1), audience.arrival(giant, SMALL, 1, 1))) {
        try (Session session = generator.session(targets, plan)) {
          session.runOut();
        }
      }
      int guests = giant + SMALL;
      Server large = new Server("giant swarm", targets, List.of(tracker.pid()));
      Server little = new Server("small swarm", targets, List.of(tracker.pid()));
      try (Contest inGiant =
              new Contest("giant swarm", large, generator, audience.visits(0, guests));
          Contest inSmall =
              new Contest(
                  "small swarm", little, generator, audience.visits(1, guests + audience.viewers()))) {
        inGiant.warmUp(scale.warmUp());
        inSmall.warmUp(scale.warmUp());
        for (int round = 0; round < scale.rounds(); round++) {
          inGiant.round(scale.roundMs());
          inSmall.round(scale.roundMs());
        }
        return new Outcome(
            inGiant.cpuMicros(), inSmall.cpuMicros(), inGiant.cpuAgainst(inSmall));
      }
    }
  }
}
