package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.Setting.RawValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds {@code conf/tracker.yaml} to the table of settings. */
class ReferenceFileTest {
  private static final Path FILE = Path.of("conf", "tracker.yaml");

  @Test
  void itIsTheDefaults() throws Exception {
    assertEquals(ConfigLoader.defaults(), ConfigLoader.load(FILE, Map.of(), List.of()));
  }

  @Test
  void itHasEveryKeyInTheOrderOfTheTableAndNoOther() {
    List<String> faults = new ArrayList<>();
    List<RawValue> values = YamlReader.read(FILE, faults::add);

    assertEquals(List.of(), faults);
    assertNotNull(values);
    assertEquals(
        Settings.all().stream().map(Setting::key).toList(),
        values.stream().map(value -> value.setting().key()).toList());
  }

  @Test
  void itWritesDefaultsAsTheTableDoes() {
    List<RawValue> values = YamlReader.read(FILE, fault -> {});

    assertNotNull(values);
    for (RawValue value : values) {
      assertEquals(
          value.setting().defaultText(), String.join(",", value.items()), value.setting().key());
    }
  }

  @Test
  void everyKeyAndSectionHasAComment() throws Exception {
    List<String> lines = Files.readAllLines(FILE);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        assertTrue(i > 0 && lines.get(i - 1).strip().startsWith("# "), "no comment above: " + line);
      }
    }
  }
}
