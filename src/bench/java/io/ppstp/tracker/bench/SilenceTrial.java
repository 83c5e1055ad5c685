package io.ppstp.tracker.bench;

import io.ppstp.tracker.testing.TrackerProcess;
import java.util.List;

/** Many peers fall silent at once while others are being served. Confined to one thread. */
final class SilenceTrial {
  private static final int OTHERS = 5000;
  private static final double OTHERS_PER_SECOND = 1000;
  private static final int BATCH = 10_000;
  private static final int TICKS_ALLOWED = 3;
  private static final long PATIENCE_MS = 120_000;
  private static final long MARGIN_MS = 500;

  private final int silent;
  private final int trackSeconds;

  SilenceTrial(int silent, int trackSeconds) {
    this.silent = silent;
    this.trackSeconds = trackSeconds;
  }

  /**
   * The outcome.
   *
   * @param load what the others were answered meanwhile
   * @param tookSeconds from when all were due until none was left
   * @param allowedSeconds three ticks and what the batch bound needs
   */
  record Outcome(Load load, double tookSeconds, double allowedSeconds) {}

  Outcome run() throws Exception {
    try (Servers servers = new Servers("2g");
        LoadGenerator generator = new LoadGenerator()) {
      TrackerProcess tracker =
          servers.start(servers.tracker().set("timers.track", trackSeconds + "s"));
      List<Target> targets = List.of(Target.plain(tracker.http().getPort()));
      Audience others = new Audience(50, OTHERS / 50, 100);
      try (Session arrival = generator.session(targets, others.arrival());
          Session reports = generator.session(targets, others.reports());
          Session silence =
              generator.session(targets, others.arrival(OTHERS, silent, 100, 1000))) {
        arrival.runOut();
        reports.start(OTHERS_PER_SECOND);
        long firstSilentNs = System.nanoTime();
        silence.runOut();
        long lastSilentNs = System.nanoTime();
        double arrivalSeconds = (lastSilentNs - firstSilentNs) / 1e9;
        if (arrivalSeconds > trackSeconds * 0.9) {
          throw new IllegalStateException(
              "the peers took " + arrivalSeconds + " s to arrive, too long to be silent at once");
        }
        return await(tracker, reports, firstSilentNs, arrivalSeconds);
      }
    }
  }

  /**
   * Peers that arrive one after the other are due one after the other. So the tracker is held from
   * before the first is due until after the last is: when it goes on, all are overdue at once.
   */
  private Outcome await(
      TrackerProcess tracker, Session reports, long firstSilentNs, double arrivalSeconds)
      throws Exception {
    long dueNs = firstSilentNs + trackSeconds * 1_000_000_000L;
    Contest.sleep(Math.max(0, (dueNs - System.nanoTime()) / 1_000_000 - MARGIN_MS));
    reports.stop();
    tracker.signal("STOP");
    Contest.sleep((long) (arrivalSeconds * 1000) + 2 * MARGIN_MS);
    tracker.signal("CONT");
    long startNs = System.nanoTime();
    Load load = reports.swap();
    reports.start(OTHERS_PER_SECOND);
    long held = tracker.management().held().peers();
    while (held > OTHERS) {
      if ((System.nanoTime() - startNs) / 1_000_000 > PATIENCE_MS) {
        throw new IllegalStateException(held + " peers are still there");
      }
      Contest.sleep(100);
      held = tracker.management().held().peers();
    }
    double took = (System.nanoTime() - startNs) / 1e9;
    reports.swap();
    reports.stop();
    if (held != OTHERS || load.errors > 0) {
      throw new IllegalStateException(
          held + " peers are left, " + load.errors + " errors " + load.firstError);
    }
    return new Outcome(load, took, TICKS_ALLOWED + (double) silent / BATCH);
  }
}
