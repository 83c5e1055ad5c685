package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what {@code src/docs} says of settings to the table of settings. */
class ConfigurationDocTest {
  private static final Path FOLDER = Path.of("src", "docs");
  private static final Path TABLE = FOLDER.resolve("configuration.md");
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder = Path.of("set by JUnit");

  @Test
  void tableListsEveryKeyWithItsDefault() throws IOException {
    String table =
        Settings.all().stream()
            .map(ConfigurationDocTest::row)
            .collect(Collectors.joining("\n", "", "\n"));

    String document = Files.readString(TABLE);

    assertTrue(document.contains(table), () -> TABLE + " should have this table:\n" + table);
  }

  private static String row(Setting setting) {
    String shown = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    return "| `" + setting.key() + "` | " + shown + " | " + setting.description() + " |";
  }

  @Test
  void examplesHaveOnlyKeysThatThereAre() throws IOException {
    List<String> faults = new ArrayList<>();
    int examples = 0;
    for (Path document : documents()) {
      Matcher example = EXAMPLE.matcher(Files.readString(document));
      while (example.find()) {
        Path file = folder.resolve("example-" + ++examples + ".yaml");
        Files.writeString(file, example.group(1));
        YamlReader.read(file, fault -> faults.add(document + ": " + fault));
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(examples > 1, "hardly any example was found");
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }
}
