package io.ppstp.tracker.app.process;

import io.ppstp.tracker.config.TrackerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What files looked like before they were read for the first time. A file that is replaced while
 * the tracker starts, which takes seconds in a cluster, is thus known to be another. Thread-safe.
 */
public final class FileStamps {
  private final Map<Path, String> first = new ConcurrentHashMap<>();

  /** Looks at the file that the settings are about to be read from, if they are from one. */
  public void note(Optional<Path> settings) {
    settings.ifPresent(file -> first.put(file, of(file)));
  }

  /** Looks at the files that {@code config} names. */
  public void note(TrackerConfig config) {
    Stream.of(
            config.https().certificate(),
            config.https().key(),
            config.https().clientCa(),
            config.management().tokens(),
            config.management().certificate(),
            config.management().key(),
            config.management().clientCa(),
            config.auth().digest().accounts(),
            config.auth().bearer().jwksFile(),
            config.auth().bearer().clientSecret())
        .forEach(this::note);
    config.selection().files().forEach(table -> note(Optional.of(table)));
  }

  /** Returns what {@code files} looked like first, or look like now if they are new here. */
  public Map<Path, String> first(Set<Path> files) {
    Map<Path, String> stamps = new TreeMap<>();
    files.forEach(file -> stamps.put(file, first.computeIfAbsent(file, FileStamps::of)));
    return stamps;
  }

  /** Returns what {@code files} look like now. */
  public static Map<Path, String> now(Set<Path> files) {
    Map<Path, String> stamps = new TreeMap<>();
    files.forEach(file -> stamps.put(file, of(file)));
    return stamps;
  }

  private static String of(Path file) {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes found = Files.readAttributes(real, BasicFileAttributes.class);
      return real + " " + found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
    } catch (IOException e) {
      return "absent";
    }
  }
}
