package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker says and does before it is ready. */
class StartIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static void assertLogged(TrackerProcess tracker, String part) {
    assertTrue(
        tracker.log().stream().anyMatch(line -> line.contains(part)),
        () -> part + " in\n" + String.join("\n", tracker.log()));
  }

  @Test
  void saysWhatItIsDoing() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      assertLogged(tracker, "starting ppstp-tracker ");
      assertLogged(tracker, "with no settings file");
      assertLogged(tracker, "starting the rooms: ");
    }
  }

  @Test
  void anAuditLogThatCannotBeWrittenIsOneFault(@TempDir Path folder) throws Exception {
    for (String command : List.of("check-config", "serve")) {
      Finished finished =
          TrackerProcess.bare()
              .arguments(command)
              .set("log.audit", folder.resolve("absent").resolve("audit.log"))
              .run();
      assertEquals(2, finished.exitCode());
      assertEquals(1, finished.err().lines().count(), finished.err());
      assertTrue(
          finished.err().matches("(?s).*log.audit.* is in a folder that does not exist; make it\n"),
          finished.err());
    }
  }

  @Test
  void aSignalBeforeItIsReadyIsTakenWhenItIs() throws Exception {
    // This process, and what it starts, may have been told to ignore the signal.
    List<String> hearing = List.of("env", "--default-signal=HUP");
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().through(hearing).launch()) {
      Await.until(
          "the first line",
          SOON,
          () -> tracker.log().stream().anyMatch(line -> line.contains("starting ppstp-tracker")));
      tracker.signal("HUP");
      tracker.awaitReady();
      Await.until(
          "the reload",
          SOON,
          () -> tracker.log().stream().anyMatch(line -> line.contains("settings (SIGHUP)")));
    }
  }

  @Test
  void underNohupItSaysThatItIsDeaf() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().through(List.of("nohup")).start()) {
      assertLogged(tracker, "SIGHUP is ignored in this process");
      tracker.signal("HUP");
      tracker.client().post(Message.statReport("nobody", "on")).expect(403, 3);
    }
  }

  @Test
  void limitsThatCannotBeReachedAreTold() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .jvmOption("-Xmx48m")
            .through(List.of("sh", "-c", "ulimit -n 1000; exec \"$@\"", "sh"))
            .start()) {
      assertLogged(tracker, "limits.peers is 2000000, but the heap has room for some ");
      assertLogged(tracker, "limits.connections.total is 50000, but this process may open 1000 ");
      tracker.client().post(Message.connect("p", "1").joinAsLeech("s")).expectSuccess();
      assertEquals(List.of(), tracker.errors());
    }
  }

  /** Settings of a listener that is off are nobody's. */
  @Test
  void theManagementPortMayBeThatOfAListenerThatIsOff() throws Exception {
    int port = Ports.free();
    try (TrackerProcess tracker =
        TrackerProcess.bare()
            .set("http.enabled", false)
            .set("http.port", port)
            .set("management.port", port)
            .set("https.enabled", true)
            .set("https.self-signed", true)
            .set("https.port", 0)
            .set("proxy.header", "proxy-protocol")
            .set("proxy.trusted", "127.0.0.9")
            .start()) {
      assertEquals(200, tracker.management().get("/health/live").statusCode());
    }
  }
}
