package io.ppstp.tracker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The unit of systemd gives the tracker what its settings ask for. */
class SystemdUnitTest {
  private static final Path FILE = Path.of("conf", "systemd", "ppstp-tracker.service");

  /** Returns the settings by name; of what stands twice, the last. */
  private static Map<String, String> settings() throws Exception {
    List<String> lines = Files.readAllLines(FILE);
    return lines.stream()
        .filter(line -> line.matches("[A-Za-z]+=.*"))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> other));
  }

  @Test
  void itStopsInGoodOrderAndHasFilesForAllConnections() throws Exception {
    Map<String, String> unit = settings();
    var defaults = ConfigLoader.defaults();
    Duration stop = Duration.ofSeconds(Long.parseLong(unit.getOrDefault("TimeoutStopSec", "0")));
    assertTrue(stop.compareTo(defaults.shutdown().deadline()) > 0, stop::toString);
    int files = Integer.parseInt(unit.getOrDefault("LimitNOFILE", "0"));
    assertTrue(files > defaults.limits().connections().total(), () -> files + " files");
    assertEquals("/bin/kill -HUP $MAINPID", unit.get("ExecReload"));
    // The exit code for what an operator has to mend.
    assertEquals("2", unit.get("RestartPreventExitStatus"));
  }

  @Test
  void itHasFewRights() throws Exception {
    Map<String, String> unit = settings();
    for (String name :
        List.of("DynamicUser", "NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome")) {
      assertEquals("yes", unit.get(name), name);
    }
    assertEquals("strict", unit.get("ProtectSystem"));
    assertEquals("", unit.get("CapabilityBoundingSet"));
  }
}
