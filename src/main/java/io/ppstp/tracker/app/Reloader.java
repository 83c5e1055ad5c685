package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.app.process.SighupHandler;
import io.ppstp.tracker.management.NodeControl.Reloaded;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Reloadable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has files read again when they change, and everything when the process gets SIGHUP. Passes run
 * one at a time, on a worker thread.
 *
 * <p>Files are looked at and not watched: a watch on a folder misses what a mounted volume does by
 * moving links. A file counts as changed once it has stood still from one look to the next, so that
 * one that is being written, or a certificate whose key is still to come, is left alone.
 */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final List<Reloadable> reloadables;
  private final Audit audit;
  private final Map<Reloadable, Map<Path, String>> taken = new HashMap<>();
  private final Map<Reloadable, Map<Path, String>> seen = new HashMap<>();

  /** How often each was taken and refused. */
  private final Map<Reloadable, Tries> tries = new HashMap<>();

  /** Why what is there now was refused, of those that were. */
  private final Map<Reloadable, String> refused = new HashMap<>();

  private record Tries(LongAdder taken, LongAdder refused) {}

  /**
   * Makes one that has not looked yet.
   *
   * @param first what the files looked like before they were read
   */
  Reloader(List<Reloadable> reloadables, FileStamps first, Audit audit) {
    this.reloadables = List.copyOf(reloadables);
    this.audit = audit;
    for (Reloadable reloadable : this.reloadables) {
      taken.put(reloadable, first.first(reloadable.files()));
      seen.put(reloadable, FileStamps.now(reloadable.files()));
      tries.put(reloadable, new Tries(new LongAdder(), new LongAdder()));
    }
  }

  /** Shows in {@code metrics} how often each was taken in anew, and how often not. */
  void show(TrackerMetrics metrics) {
    tries.forEach(
        (reloadable, count) -> {
          String what = reloadable.name();
          metrics.counter(
              "ppstp.reloads", "Files taken in anew", "what", what, count.taken, LongAdder::sum);
          metrics.counter(
              "ppstp.reloads.refused",
              "New files that are not in force, for the old ones are",
              "what",
              what,
              count.refused,
              LongAdder::sum);
        });
  }

  /** Looks every {@code interval}, and at everything on SIGHUP. */
  void start(Vertx vertx, Duration interval, SighupHandler signal) {
    vertx.setPeriodic(interval.toMillis(), timer -> inBackground(vertx, this::reloadChanged));
    signal.onSignal(() -> inBackground(vertx, () -> reloadAll("SIGHUP")));
  }

  private void inBackground(Vertx vertx, Runnable pass) {
    vertx
        .executeBlocking(
            () -> {
              pass.run();
              return true;
            })
        .onFailure(failure -> LOG.error("looking for changed files failed", failure));
  }

  /**
   * Reloads what has changed and stood still since the last look, and tries again what was refused:
   * that need not have been for what is in the file, but for its owner or for want of descriptors.
   */
  synchronized void reloadChanged() {
    for (Reloadable reloadable : reloadables) {
      Map<Path, String> now = FileStamps.now(reloadable.files());
      boolean stands = now.equals(seen.put(reloadable, now));
      boolean changed = !now.equals(taken.get(reloadable));
      if (stands && (changed || refused.containsKey(reloadable))) {
        taken.put(reloadable, now);
        reload(reloadable, "changed", changed);
      }
    }
  }

  /**
   * Reloads everything, and returns what became of each.
   *
   * @param why for the audit log
   */
  synchronized List<Reloaded> reloadAll(String why) {
    List<Reloaded> all = new ArrayList<>();
    for (Reloadable reloadable : reloadables) {
      taken.put(reloadable, FileStamps.now(reloadable.files()));
      reload(reloadable, why, true);
      all.add(new Reloaded(reloadable.name(), refused.get(reloadable)));
    }
    return all;
  }

  /** A refusal that was told of already is not told again each time, unless it is asked for. */
  private void reload(Reloadable reloadable, String why, boolean asked) {
    try {
      reloadable.reload();
      refused.remove(reloadable);
      triesOf(reloadable).taken.increment();
      audit.noted("reloaded " + reloadable.name() + " (" + why + ")");
    } catch (IOException | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.equals(refused.put(reloadable, reason)) && !asked) {
        return;
      }
      triesOf(reloadable).refused.increment();
      LOG.error("new {} are not taken, the old ones stay in force: {}", reloadable.name(), reason);
      audit.noted("refused to reload " + reloadable.name() + " (" + why + ")");
    }
  }

  private Tries triesOf(Reloadable reloadable) {
    return Objects.requireNonNull(tries.get(reloadable));
  }
}
