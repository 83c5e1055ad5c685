package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import java.util.List;
import java.util.Map;

/** Short ways to load a configuration in tests. */
final class Configs {
  private Configs() {}

  static TrackerConfig set(String... assignments) throws ConfigException {
    return ConfigLoader.load(null, Map.of(), List.of(assignments));
  }

  static List<String> faultsOfSet(String... assignments) {
    return assertThrows(ConfigException.class, () -> set(assignments)).faults();
  }

  static void assertOneFault(List<String> faults, String beginning, String end) {
    assertTrue(
        faults.size() == 1 && faults.get(0).startsWith(beginning) && faults.get(0).endsWith(end),
        () -> "expected one fault '" + beginning + " ... " + end + "' but got " + faults);
  }
}
