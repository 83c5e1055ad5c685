package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.faultsOfSet;
import static io.ppstp.tracker.config.Configs.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private final Path directory;

  ConfigLoaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void eachSourceWinsOverTheOnesBeforeIt() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "http: {port: 1}");
    Map<String, String> environment = Map.of("PPSTP_HTTP_PORT", "2");

    assertEquals(7846, ConfigLoader.defaults().http().port());
    assertEquals(1, ConfigLoader.load(file, Map.of(), List.of()).http().port());
    assertEquals(2, ConfigLoader.load(file, environment, List.of()).http().port());
    assertEquals(3, load(file, environment, "http.port=3").http().port());
    assertEquals(4, load(file, environment, "http.port=3", "http.port=4").http().port());
  }

  @Test
  void everySettingCanBeGivenByItsEnvironmentVariable() throws Exception {
    Map<String, String> environment = new HashMap<>();
    Settings.all().forEach(s -> environment.put(s.environmentName(), s.defaultText()));
    environment.put("PATH", "/bin");

    assertEquals(ConfigLoader.defaults(), ConfigLoader.load(null, environment, List.of()));
    assertEquals(Settings.all().size() + 1, environment.size());
  }

  @Test
  void environmentNamesAreKeysInUpperCaseWithUnderscores() throws Exception {
    TrackerConfig config =
        ConfigLoader.load(null, Map.of("PPSTP_LIMITS_IN_FLIGHT", "17"), List.of());

    assertEquals(17, config.limits().inFlight());
  }

  @Test
  void listsAreWrittenWithCommasOutsideOfFiles() throws Exception {
    assertEquals(List.of("/a", "/b"), set("http.paths=/a, /b").http().paths());
    assertEquals(List.of(), set("http.paths=/a", "http.paths=").http().paths());
  }

  @Test
  void anEmptyPathIsAbsent() throws Exception {
    assertEquals(ConfigLoader.defaults(), set("https.key=x.pem", "https.key="));
  }

  @Test
  void unknownVariablesAreRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigLoader.load(
                    null, Map.of("PPSTP_HTTP_PROT", "1", "PPSTP_QUUX", "1"), List.of()));

    assertEquals(
        List.of(
            "PPSTP_HTTP_PROT (environment): unknown variable; did you mean PPSTP_HTTP_PORT?",
            "PPSTP_QUUX (environment): unknown variable; write PPSTP_ and a key in upper case,"
                + " such as PPSTP_HTTP_PORT"),
        e.faults());
  }

  @Test
  void unknownKeysAreRefused() {
    assertEquals(
        List.of(
            "limits.inflight (--set): unknown key; did you mean limits.in-flight?",
            "colour (--set): unknown key; conf/tracker.yaml lists all keys",
            "http (--set): is a section, not a key; write a key such as http.enabled",
            "'' (--set): unknown key; conf/tracker.yaml lists all keys"),
        faultsOfSet("limits.inflight=1", "colour=red", "http=1", "=1"));
  }

  @Test
  void anAssignmentNeedsAnEqualsSign() {
    assertEquals(
        List.of("'http.port' (--set): has no '='; write key=value, as http.port=7846"),
        faultsOfSet("http.port"));
  }

  @Test
  void aFaultNamesTheSourceOfItsValue() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "\nhttp:\n  port: x\n");
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> load(file, Map.of("PPSTP_HTTP_PORT", "y"), "http.port=z"));

    String wrong = " is not a whole number from 0 to 65535";
    assertEquals(
        List.of(
            "http.port (" + file + " line 3): 'x'" + wrong,
            "http.port (PPSTP_HTTP_PORT): 'y'" + wrong,
            "http.port (--set): 'z'" + wrong),
        e.faults());
  }

  @Test
  void allFaultsAreReportedInOneMessage() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "http.prot: 1\npolicy.strict: 7\n");
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                load(
                    file,
                    Map.of("PPSTP_TIMERS_TICK", ""),
                    "timers.track=3 parsecs",
                    "http.host=0.0.0.0"));

    assertEquals(
        """
        the configuration has 5 faults:
          http.prot (FILE line 1): unknown key; did you mean http.port?
          policy.strict (FILE line 2): '7' is not true or false
          timers.tick (PPSTP_TIMERS_TICK): has no value; write 500ms, 10s, 3m or 1h (longer than \
        0, at most 8760h)
          timers.track (--set): '3 parsecs' is not a duration; write 500ms, 10s, 3m or 1h (longer \
        than 0, at most 8760h)
          http.host (--set): '0.0.0.0' is not loopback, and plain HTTP can be read and changed on \
        the way; use https (http.enabled=false, https.enabled=true), or set \
        http.allow-plain-text=true behind a TLS proxy\
        """
            .replace("FILE", file.toString()),
        e.getMessage());
  }

  @Test
  void aFaultIsOneLineWhateverWasWritten() {
    List<String> faults = faultsOfSet("http.port=1\n2", "a\nb=1", "x".repeat(5000));

    assertEquals(3, faults.size());
    faults.forEach(fault -> assertEquals(1, fault.lines().count(), fault));
    assertEquals(1, faultsOfSet("http.port").size());
  }

  private static TrackerConfig load(
      Path file, Map<String, String> environment, String... assignments) throws ConfigException {
    return ConfigLoader.load(file, environment, List.of(assignments));
  }
}
