package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.ClassArchive;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code warm}: what it makes is what Java starts the jar from. */
class WarmIT {
  private static final Pattern LOADED = Pattern.compile("(\\S+) source: (.*)");

  @Test
  void javaTakesTheClassesOfANodeFromTheArchive(@TempDir Path folder) throws Exception {
    assertFalse(ClassArchive.jvmOptions().isEmpty(), "there is no archive");
    Path loaded = folder.resolve("loaded");
    try (TrackerCluster cluster =
        TrackerCluster.in(folder, node -> node.jvmOption("-Xlog:class+load=info:file=" + loaded))) {
      TrackerProcess node = cluster.start();
      node.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      node.client().post(Message.find("p", "2", "s")).expectSuccess();
      node.management().status();
    }
    int archived = 0;
    int others = 0;
    for (String line : Files.readAllLines(loaded)) {
      Matcher one = LOADED.matcher(line);
      // Hidden classes are of one process.
      if (one.find() && !one.group(1).contains("Lambda") && !one.group(1).contains("0x")) {
        boolean shared = one.group(2).startsWith("shared objects file");
        archived += shared ? 1 : 0;
        others += shared ? 0 : 1;
      }
    }
    assertTrue(
        archived > 6000 && archived > 4 * others, archived + " archived, " + others + " not");
  }

  @Test
  void whatCannotBeMadeIsRefused(@TempDir Path folder) throws Exception {
    for (List<String> arguments :
        List.of(
            List.of("warm"),
            List.of("warm", "--archive=" + folder),
            List.of("warm", "--archive=" + folder.resolve("no/such/folder")),
            List.of("warm", "--archive=" + folder.resolve("a"), "--seconds=1"),
            List.of("warm", "--archive=" + folder.resolve("a"), "--seconds=many"))) {
      Finished finished = TrackerProcess.bare().arguments(arguments.toArray(String[]::new)).run();
      assertEquals(2, finished.exitCode(), finished::toString);
      assertFalse(finished.err().contains("\tat "), finished::toString);
    }
    assertFalse(Files.exists(folder.resolve("a")));
  }
}
