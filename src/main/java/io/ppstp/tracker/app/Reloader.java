package io.ppstp.tracker.app;

import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.Reloadable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Takes what the files now hold as known. */
  Reloader(List<Reloadable> reloadables, Audit audit) {
    this.reloadables = List.copyOf(reloadables);
    this.audit = audit;
    for (Reloadable reloadable : this.reloadables) {
      taken.put(reloadable, stamps(reloadable));
      seen.put(reloadable, stamps(reloadable));
    }
  }

  /** Looks every {@code interval}, and at everything on SIGHUP. */
  void start(Vertx vertx, Duration interval) {
    vertx.setPeriodic(interval.toMillis(), timer -> inBackground(vertx, this::reloadChanged));
    SighupHandler.onSignal(() -> inBackground(vertx, this::reloadAll));
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

  /** Reloads what has changed and stood still since the last look. */
  synchronized void reloadChanged() {
    for (Reloadable reloadable : reloadables) {
      Map<Path, String> now = stamps(reloadable);
      boolean stands = now.equals(seen.put(reloadable, now));
      if (stands && !now.equals(taken.get(reloadable))) {
        taken.put(reloadable, now);
        reload(reloadable, "changed");
      }
    }
  }

  /** Reloads everything. */
  synchronized void reloadAll() {
    for (Reloadable reloadable : reloadables) {
      taken.put(reloadable, stamps(reloadable));
      reload(reloadable, "SIGHUP");
    }
  }

  private void reload(Reloadable reloadable, String why) {
    try {
      reloadable.reload();
      audit.noted("reloaded " + reloadable.name() + " (" + why + ")");
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "new {} are not taken, the old ones stay in force: {}",
          reloadable.name(),
          e.getMessage());
      audit.noted("refused to reload " + reloadable.name() + " (" + why + ")");
    }
  }

  private static Map<Path, String> stamps(Reloadable reloadable) {
    Map<Path, String> stamps = new TreeMap<>();
    for (Path file : reloadable.files()) {
      stamps.put(file, stamp(file));
    }
    return stamps;
  }

  private static String stamp(Path file) {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes found = Files.readAttributes(real, BasicFileAttributes.class);
      return real + " " + found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
    } catch (IOException e) {
      return "absent";
    }
  }
}
