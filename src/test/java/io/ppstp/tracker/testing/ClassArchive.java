package io.ppstp.tracker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The archive that the jar's command {@code warm} makes, which the JVM maps into memory. Tests
 * start a hundred trackers; with it each of them is there in half the time. A JVM that cannot use
 * the archive starts without it. Thread-safe.
 */
public final class ClassArchive {
  /** A JVM tells of classes that it does not archive where the tracker's own output goes. */
  private static final boolean WHOLE = Runtime.version().feature() >= 25;

  private static final String SILENCE =
      WHOLE ? "-Xlog:cds*=off,aot*=off,class+path=off" : "-Xlog:cds*=off,class+path=off";
  private static final String OPTION = WHOLE ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=";

  private static final class Holder {
    static final List<String> OPTIONS = options();
  }

  private ClassArchive() {}

  /** Returns the options with which a tracker's JVM uses the archive, which is made if need be. */
  public static List<String> jvmOptions() {
    return Holder.OPTIONS;
  }

  private static List<String> options() {
    Path jar = Path.of(System.getProperty("ppstp.jar", ""));
    Path archive =
        jar.resolveSibling("ppstp-tracker-" + System.getProperty("java.version") + ".jsa");
    try {
      if (!isOf(jar, archive)) {
        Files.deleteIfExists(archive);
        make(archive);
      }
      return isOf(jar, archive) ? List.of(OPTION + archive, SILENCE) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception | AssertionError e) {
      System.out.println("ClassArchive: trackers start without one: " + e);
      return List.of();
    }
  }

  private static boolean isOf(Path jar, Path archive) throws IOException {
    return Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void make(Path archive) throws Exception {
    long startNs = System.nanoTime();
    TrackerProcess.Finished made =
        TrackerProcess.bare()
            .withoutClassArchive()
            .arguments("warm", "--seconds=2", "--archive=" + archive)
            .run();
    if (made.exitCode() != 0) {
      throw new IllegalStateException(made.toString());
    }
    System.out.printf(
        "ClassArchive: made in %d ms%n", Duration.ofNanos(System.nanoTime() - startNs).toMillis());
  }
}
