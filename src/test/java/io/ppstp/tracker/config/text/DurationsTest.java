package io.ppstp.tracker.config.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.config.ConfigLoader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"1ms", "1500ms", "1s", "90s", "2m", "1h", "25h"})
  void areWrittenAsTheSettingsSpellThem(String text) throws Exception {
    Duration duration =
        ConfigLoader.load(null, Map.of(), List.of("timers.reply=" + text)).timers().reply();
    assertEquals(text, Durations.text(duration));
  }
}
