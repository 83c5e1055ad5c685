package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which keys two configurations differ in. */
class ConfigViewTest {

  @Test
  void namesTheKeysInTheOrderOfTheReferenceFile() throws Exception {
    TrackerConfig changed =
        ConfigLoader.load(
            null,
            Map.of(),
            List.of("cluster.bus.port=7", "limits.body=1KiB", "http.paths=/a", "http.port=1"));

    assertEquals(
        List.of("http.port", "http.paths", "limits.body", "cluster.bus.port"),
        ConfigView.differences(ConfigLoader.defaults(), changed));
  }

  @Test
  void equalConfigurationsDifferInNothing() {
    assertEquals(
        List.of(), ConfigView.differences(ConfigLoader.defaults(), ConfigLoader.defaults()));
  }
}
