package io.ppstp.tracker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The classes of the built jar as a started tracker has loaded them, in an archive that the JVM
 * maps into memory (class data sharing). Tests start a hundred trackers; with it each of them is
 * there in half the time. A JVM that cannot use the archive starts without it. Thread-safe.
 */
public final class ClassArchive {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A JVM tells of classes that it does not archive where the tracker's own output goes. */
  private static final String SILENCE = "-Xlog:cds*=off,class+path=off";

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
      return isOf(jar, archive) ? List.of("-XX:SharedArchiveFile=" + archive, SILENCE) : List.of();
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

  /** A node of a cluster loads all that any tracker does; at its end, the JVM archives it. */
  private static void make(Path archive) throws Exception {
    long startNs = System.nanoTime();
    Path folder = Files.createTempDirectory("ppstp-archive");
    TrackerCluster cluster =
        TrackerCluster.in(
            folder,
            node ->
                node.withoutClassArchive()
                    .jvmOption(SILENCE)
                    .jvmOption("-XX:ArchiveClassesAtExit=" + archive)
                    .set("https.enabled", true)
                    .set("https.port", 0)
                    .set("https.self-signed", true));
    try (cluster) {
      TrackerProcess node = cluster.start();
      node.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      node.client().post(Message.find("p", "2", "s")).expectSuccess();
      node.client().post(Message.statReport("p", "3", "s")).expectSuccess();
      node.management().status();
      cluster.leave(node, PATIENCE);
    } finally {
      Files.deleteIfExists(cluster.config());
      Files.delete(folder);
    }
    System.out.printf(
        "ClassArchive: made in %d ms%n", Duration.ofNanos(System.nanoTime() - startNs).toMillis());
  }
}
