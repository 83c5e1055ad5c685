package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.TrackerConfig.StatusMapping;
import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void everySettingHasItsRecordComponent() {
    long components = components(TrackerConfig.class);

    // Binding the defaults fails for a component without a setting, so equal numbers are enough.
    assertEquals(ConfigLoader.defaults(), ConfigLoader.defaults());
    assertEquals(Settings.all().size(), components);
  }

  private static long components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getType)
        .mapToLong(component -> component.isRecord() ? components(component) : 1)
        .sum();
  }

  @Test
  void everySettingSaysWhatItIs() {
    for (Setting setting : Settings.all()) {
      assertTrue(setting.key().matches("[a-z0-9-]+(\\.[a-z0-9-]+){1,2}"), setting.key());
      assertTrue(setting.description().matches("\\S[^\\n]*[^.\\s]"), setting.key());
      assertTrue(!setting.expectation().isBlank(), setting.key());
    }
  }

  @Test
  void environmentNames() {
    Setting setting = Settings.byEnvironmentName("PPSTP_PEER_LIST_DEFAULT");

    assertEquals(Settings.byKey("peer-list.default"), setting);
  }

  @Test
  void defaultsOfEachKind() {
    TrackerConfig config = ConfigLoader.defaults();

    assertEquals("127.0.0.1", config.http().host());
    assertEquals(List.of(), config.http().paths());
    assertEquals(StatusMapping.MAPPED, config.http().status());
    assertEquals(Optional.empty(), config.https().certificate());
    assertEquals(Duration.ofMinutes(3), config.timers().track());
    assertEquals(20, config.peerList().defaultSize());
    assertEquals(29, config.peerList().maximum());
    assertEquals(ConnectPolicy.TABLE6, config.policy().connect());
    assertEquals(262_144, config.limits().body());
    assertEquals(2_000_000, config.limits().peers());
  }

  @Test
  void nearMissesAreSuggestedAndNothingFarther() {
    assertEquals(Optional.of("http.port"), nearest("http.prot"));
    assertEquals(Optional.of("https.port"), nearest("htps.port"));
    assertEquals(Optional.of("limits.in-flight"), nearest("limits.inFlight"));
    assertEquals(Optional.empty(), nearest("colour"));
    assertEquals(Optional.empty(), nearest("x".repeat(100_000)));
    assertEquals(3, Texts.distance("kitten", "sitting"));
    assertEquals(4, Texts.distance("", "four"));
  }

  @Test
  void aRecordThatDoesNotFitItsValuesIsRefused() {
    assertThrows(IllegalStateException.class, () -> RecordBinder.bind(Pair.class, Map.of("a", 1)));
    assertThrows(
        IllegalStateException.class,
        () -> RecordBinder.bind(Pair.class, Map.of("a", 1, "long-name", "not a number")));
    assertEquals(new Pair(1, 2), RecordBinder.bind(Pair.class, Map.of("a", 1, "long-name", 2)));
  }

  private static Optional<String> nearest(String written) {
    Stream<String> keys = Settings.all().stream().map(Setting::key);
    return Texts.nearest(written, keys);
  }

  record Pair(int a, int longName) {}
}
