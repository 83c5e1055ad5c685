package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The simulator, run as its users run it, against a tracker that keeps count too. */
class SimulateIT {
  private static final String[] TYPES = {"CONNECT", "FIND", "STAT_REPORT"};

  @Test
  void tellsWhatTheTrackerCountedToo() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      Finished simulation =
          simulate(
              tracker.http(),
              "--peers=60",
              "--channels=5",
              "--duration=4s",
              "--arrival=1s",
              "--report=500ms",
              "--find=500ms",
              "--switch=1s",
              "--stay=2s",
              "--silent=0.5",
              "--server-pid=" + tracker.pid());

      assertEquals(0, simulation.exitCode(), simulation::toString);
      JsonNode counted = tracker.management().status().path("requests");
      for (String type : TYPES) {
        Row row = row(simulation, type);
        assertTrue(row.sent() > 50, simulation::toString);
        assertEquals(row.sent(), row.answered(), simulation::toString);
        assertEquals(0, row.failed(), simulation::toString);
        assertEquals(row.answered() - row.refused(), counted.path(type).path("NO_ERROR").asLong());
        assertEquals(row.answered(), sum(counted.path(type)));
      }
      assertTrue(simulation.out().contains("CPU microseconds per request"), simulation::toString);
    }
  }

  @Test
  void aFlashCrowdComesWholeAndSharesConnections() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().start()) {
      Finished simulation =
          simulate(
              tracker.http(),
              "--peers=500",
              "--connections=20",
              "--flash-crowd",
              "--duration=3s",
              "--stay=10000h",
              "--switch=10000h",
              "--find=10000h",
              "--report=10000h");

      assertEquals(0, simulation.exitCode(), simulation::toString);
      assertEquals(500, row(simulation, "CONNECT").answered(), simulation::toString);
      assertEquals(500, tracker.management().held().peers());
    }
  }

  @Test
  void refusalsAndFailuresAreToldApart() throws Exception {
    try (TrackerProcess tracker = TrackerProcess.onFreePorts().set("limits.peers", 10).start()) {
      Finished simulation =
          simulate(
              tracker.http(),
              "--peers=30",
              "--flash-crowd",
              "--duration=3s",
              "--stay=10000h",
              "--switch=10000h",
              "--find=10000h",
              "--report=10000h");

      assertEquals(0, simulation.exitCode(), simulation::toString);
      assertEquals(20, row(simulation, "CONNECT").refused(), simulation::toString);
      assertEquals(0, row(simulation, "CONNECT").failed(), simulation::toString);
      assertTrue(simulation.out().contains("refused with 05: 20"), simulation::toString);
    }
  }

  @Test
  void aCertificateIsCheckedUnlessToldOtherwise() throws Exception {
    try (TrackerProcess tracker =
        TrackerProcess.onFreePorts()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.self-signed", true)
            .start()) {
      String[] few = {"--peers=5", "--flash-crowd", "--duration=2s"};
      Finished careful = simulate(tracker.https(), few);
      assertEquals(2, careful.exitCode(), careful::toString);
      assertTrue(careful.err().contains("no tracker answered"), careful::toString);

      Finished careless =
          simulate(tracker.https(), "--insecure", "--peers=5", "--flash-crowd", "--duration=2s");
      assertEquals(0, careless.exitCode(), careless::toString);
      assertTrue(row(careless, "CONNECT").answered() >= 5, careless::toString);
    }
  }

  @Test
  void badArgumentsAreAllExplained() throws Exception {
    Finished none = TrackerProcess.bare().arguments("simulate").run();
    assertEquals(2, none.exitCode());
    assertTrue(none.err().contains("URL"), none::toString);

    Finished wrong =
        TrackerProcess.bare()
            .arguments(
                "simulate", "ftp://tracker", "--peers=0", "--silent=2", "--server-pid=999999999")
            .run();
    assertEquals(2, wrong.exitCode());
    for (String word : new String[] {"'ftp://tracker'", "--peers", "--silent", "--server-pid"}) {
      assertTrue(wrong.err().contains(word), wrong::toString);
    }

    Finished time =
        TrackerProcess.bare().arguments("simulate", "http://127.0.0.1:1", "--duration=soon").run();
    assertEquals(2, time.exitCode());
    assertTrue(time.err().contains("'soon' is not a duration"), time::toString);
  }

  private static Finished simulate(URI tracker, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("simulate", tracker.toString()));
    arguments.addAll(List.of(options));
    arguments.add("--seed=" + Seeds.seed());
    return TrackerProcess.bare().arguments(arguments.toArray(String[]::new)).run();
  }

  private record Row(long sent, long answered, long refused, long failed) {}

  private static Row row(Finished simulation, String type) {
    Matcher row =
        Pattern.compile("(?m)^" + type + "\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s")
            .matcher(simulation.out());
    assertTrue(row.find(), simulation::toString);
    return new Row(
        Long.parseLong(row.group(1)),
        Long.parseLong(row.group(2)),
        Long.parseLong(row.group(3)),
        Long.parseLong(row.group(4)));
  }

  private static long sum(JsonNode counts) {
    long sum = 0;
    for (JsonNode count : counts) {
      sum += count.asLong();
    }
    return sum;
  }
}
