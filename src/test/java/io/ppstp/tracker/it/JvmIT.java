package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code java -jar} needs no flags: no version of Java has anything to say about what the tracker
 * does, such as access to its inner parts that will be refused some day.
 */
class JvmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern OF_OURS =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z (INFO|WARN|ERROR) .*");

  private static final Pattern OPTION = Pattern.compile("-XX:(?!Shared)[+\\-A-Za-z0-9=]+");
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static List<String> notOurs(TrackerProcess tracker) {
    return tracker.log().stream().filter(line -> !OF_OURS.matcher(line).matches()).toList();
  }

  @Test
  void javaSaysNothingOfOneNode() throws Exception {
    TrackerProcess.Builder command =
        TrackerProcess.onFreePorts()
            .withoutClassArchive()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.self-signed", true);
    try (TrackerProcess tracker = command.start()) {
      tracker.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      tracker.management().status();
      tracker.terminate();

      assertEquals(0, tracker.exitCode(PATIENCE));
      assertEquals(List.of(), notOurs(tracker));
    }
  }

  @Test
  void javaSaysNothingOfANodeOfACluster(@TempDir Path folder) throws Exception {
    try (TrackerCluster cluster =
        TrackerCluster.in(folder, TrackerProcess.Builder::withoutClassArchive)) {
      TrackerProcess node = cluster.start();
      node.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();

      assertEquals(0, cluster.leave(node, PATIENCE));
      assertEquals(List.of(), notOurs(node));
    }
  }

  /** What the image, the unit of systemd and the pods give Java, as it stands in their files. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Containerfile",
        "conf/systemd/ppstp-tracker.service",
        "k8s/base/statefulset.yaml"
      })
  void asItIsShippedItsMemoryIsInHugePagesAndJavaSaysNothing(String file) throws Exception {
    TrackerProcess.Builder command = TrackerProcess.onFreePorts();
    List<String> options =
        OPTION.matcher(Files.readString(Path.of(file))).results().map(MatchResult::group).toList();
    assertTrue(options.size() >= 2, options::toString);
    options.forEach(command::jvmOption);
    try (TrackerProcess tracker = command.start()) {
      tracker.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      boolean allowed = !Files.readString(HUGE_PAGES).contains("[never]");

      assertEquals(allowed, hugeKilobytes(tracker.pid()) > 0, "as the kernel allows");
      assertTrue(!allowed || notOurs(tracker).isEmpty(), () -> notOurs(tracker).toString());
    }
  }

  private static long hugeKilobytes(long pid) throws IOException {
    String memory = Files.readString(Path.of("/proc/" + pid + "/smaps_rollup"));
    Matcher huge = Pattern.compile("AnonHugePages:\\s+(\\d+) kB").matcher(memory);
    assertTrue(huge.find(), memory);
    return Long.parseLong(huge.group(1));
  }
}
