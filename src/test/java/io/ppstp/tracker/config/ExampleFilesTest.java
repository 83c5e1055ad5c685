package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples in {@code conf/} are good as they are, but for the files that they name. */
class ExampleFilesTest {
  @TempDir private Path folder = Path.of("set by JUnit");

  @ParameterizedTest
  @ValueSource(strings = {"certificates", "digest", "bearer"})
  void onlyTheFilesOfTheirUsersAreMissing(String name) throws Exception {
    String text = Files.readString(Path.of("conf", name + ".yaml"));
    assertTrue(text.contains("/etc/ppstp-tracker/"), text);
    for (String file : List.of("server.crt", "server.key", "peers-ca.crt", "accounts")) {
      Files.writeString(folder.resolve(file), "");
    }
    Path example = folder.resolve("example.yaml");
    Files.writeString(example, text.replace("/etc/ppstp-tracker/", folder + "/"));

    TrackerConfig config = ConfigLoader.load(example, Map.of(), List.of());

    assertEquals("0.0.0.0", config.https().host());
  }
}
