package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  @Test
  void configurationTableListsEveryKeyWithItsDefault() throws IOException {
    String table =
        Settings.all().stream().map(ReadmeTest::row).collect(Collectors.joining("\n", "", "\n"));

    String readme = Files.readString(Path.of("README.md"));

    assertTrue(readme.contains(table), () -> "README.md should have this table:\n" + table);
  }

  private static String row(Setting setting) {
    String shown = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    return "| `" + setting.key() + "` | " + shown + " | " + setting.description() + " |";
  }
}
