package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.assertOneFault;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private final Path directory;

  YamlReaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "{}", "http:\n", "http: {}"})
  void aFileWithoutKeysIsAllDefaults(String yaml) throws Exception {
    assertEquals(ConfigLoader.defaults(), load(yaml));
  }

  @Test
  void aFileIsOneDocument() throws Exception {
    assertOneFault(
        faults("http.port: 1\n---\nhttp.port: 2\n"), file() + ": holds a second YAML", "keep one");
  }

  @Test
  void keysAreNestedOrDotted() throws Exception {
    TrackerConfig config = load("http.port: 1\nhttps:\n  port: '2'\npeer-list: {maximum: 25}\n");

    assertEquals(1, config.http().port());
    assertEquals(2, config.https().port());
    assertEquals(25, config.peerList().maximum());
  }

  @Test
  void listsAreWrittenAsListsOrWithCommas() throws Exception {
    assertEquals(List.of("/a,b", "/c"), load("http:\n  paths:\n  - /a,b\n  - /c").http().paths());
    assertEquals(List.of("/a", "/b"), load("http.paths: /a,/b").http().paths());
  }

  @Test
  void aMissingFileIsAFault() {
    assertOneFault(faultsOf(Path.of("/nowhere.yaml")), "/nowhere.yaml: there is no such file", "");
    assertOneFault(faultsOf(directory), directory + ": is a directory", "");
  }

  @Test
  void whatIsNotYamlIsAFault() throws Exception {
    assertOneFault(faults("http:\n\tport: 1\n"), file() + ": line 2 is not YAML: ", "");
    assertOneFault(faults("http: [1\n"), file() + ": line ", "");
    assertOneFault(faults("http: \u0001"), file() + ": is not YAML: ", "");
    Files.write(file(), new byte[] {'a', ':', (byte) 0xff});
    assertOneFault(faultsOf(file()), file() + ": is not UTF-8 text", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "- http\n- https\n", "7"})
  void aFileIsAMapping(String yaml) throws Exception {
    assertOneFault(faults(yaml), file() + ": holds no keys; write them as 'http.port: 7846'", "");
  }

  @Test
  void anUnreadableFileDoesNotHideOtherFaults() throws Exception {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    Path.of("/nowhere.yaml"),
                    Map.of("PPSTP_HTTP_HOST", "0.0.0.0"),
                    List.of("http.port=x")));

    assertEquals(2, e.faults().size(), e.getMessage());
  }

  @Test
  void aKeyIsWrittenOnce() throws Exception {
    String end = "written twice, first in line 1; keep one of them";

    assertOneFault(
        faults("http.port: 1\nhttp.port: 2\n"), "http.port (" + file() + " line 2)", end);
    assertOneFault(
        faults("http.port: 1\nhttp:\n  port: 1\n"), "http.port (" + file() + " line 3)", end);
    assertOneFault(
        faults("http: {port: 1}\nhttp: {host: localhost}\n"), "http (" + file() + " line 2)", end);
  }

  @Test
  void unknownKeysAreNamedWithTheirLine() throws Exception {
    assertEquals(
        List.of(
            "http.prot (" + file() + " line 2): unknown key; did you mean http.port?",
            "tls.x (" + file() + " line 3): unknown key; conf/tracker.yaml lists all keys",
            "foo (" + file() + " line 4): unknown key; conf/tracker.yaml lists all keys",
            "bar (" + file() + " line 5): unknown key; conf/tracker.yaml lists all keys",
            "baz (" + file() + " line 6): unknown key; conf/tracker.yaml lists all keys",
            "timers ("
                + file()
                + " line 7): is a section, not a key; write a key such as"
                + " timers.track"),
        faults("http:\n  prot: 1\ntls: {x: 1}\nfoo:\nbar: {}\nbaz: [{a: 1}]\ntimers: 5\n"));
  }

  @Test
  void aValueHasTheShapeOfItsSetting() throws Exception {
    String at = " (" + file() + " line 1): ";
    String number = "a whole number from 0 to 65535";

    assertOneFault(faults("http.port: [1, 2]"), "http.port" + at + "'[1, 2]' is not", number);
    assertOneFault(faults("http.port: []"), "http.port" + at + "'[]' is not", number);
    assertOneFault(faults("http.port: {a: 1}"), "http.port" + at + "has keys below it", number);
    assertOneFault(faults("http.port: "), "http.port" + at + "has no value", number);
    assertOneFault(faults("http.paths: [[/a]]"), "http.paths" + at + "holds a nested list", "");
    assertOneFault(faults("http.paths: [{/a: 1}]"), "http.paths" + at + "holds a nested list", "");
    assertOneFault(
        faults("http.port: &p 1\nhttps.port: *p"),
        "https.port (" + file() + " line 2): holds a nested list, a mapping or an alias",
        number);
  }

  private Path file() {
    return directory.resolve("t.yaml");
  }

  private TrackerConfig load(String yaml) throws ConfigException, IOException {
    return ConfigLoader.load(Files.writeString(file(), yaml), Map.of(), List.of());
  }

  private List<String> faults(String yaml) throws IOException {
    return faultsOf(Files.writeString(file(), yaml));
  }

  private static List<String> faultsOf(Path file) {
    return assertThrows(ConfigException.class, () -> ConfigLoader.load(file, Map.of(), List.of()))
        .faults();
  }
}
