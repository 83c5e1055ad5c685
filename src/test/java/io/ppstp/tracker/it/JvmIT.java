package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code java -jar} needs no flags: no version of Java has anything to say about what the tracker
 * does, such as access to its inner parts that will be refused some day.
 */
class JvmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern OF_OURS =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z (INFO|WARN|ERROR) .*");

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
}
