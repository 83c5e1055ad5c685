package io.ppstp.tracker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.SelectionConfig.SelectionPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmPolicy;
import io.ppstp.tracker.config.SelectionConfig.SwarmWeight;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionSettingsTest {
  private static SelectionConfig load(String... assignments) throws ConfigException {
    return ConfigLoader.load(null, Map.of(), List.of(assignments)).selection();
  }

  @Test
  void policiesCanBeCombinedAndDifferBySwarm() throws ConfigException {
    SelectionConfig config =
        load(
            "selection.policy=near,able",
            "selection.near.share=0.85",
            "selection.tables=a.mmdb,b/pfx2as.gz,https://alto.example/directory",
            "selection.swarms=radio-*=near+able,a=b=random,*=able",
            "selection.importance.weights=premiere-*=10,a=b=0.5,archive=0");

    assertEquals(List.of(SelectionPolicy.NEAR, SelectionPolicy.ABLE), config.policy());
    assertEquals(0.85, config.near().share());
    assertEquals(List.of(Path.of("a.mmdb"), Path.of("b/pfx2as.gz")), config.files());
    assertEquals(List.of(URI.create("https://alto.example/directory")), config.servers());
    assertEquals(
        List.of(
            new SwarmPolicy("radio-*", List.of(SelectionPolicy.NEAR, SelectionPolicy.ABLE)),
            new SwarmPolicy("a=b", List.of(SelectionPolicy.RANDOM)),
            new SwarmPolicy("*", List.of(SelectionPolicy.ABLE))),
        config.swarms());
    assertEquals(
        List.of(
            new SwarmWeight("premiere-*", 10),
            new SwarmWeight("a=b", 0.5),
            new SwarmWeight("archive", 0)),
        config.importance().weights());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "selection.policy=nearest",
        "selection.policy=random,near",
        "selection.policy=",
        "selection.near.share=0.95",
        "selection.tables=ftp://alto.example/",
        "selection.near.share=-1",
        "selection.near.share=1",
        "selection.importance.weights=radio-*",
        "selection.importance.weights=radio-*=-1",
        "selection.importance.weights=radio-*=1000001",
        "selection.swarms=radio-*",
        "selection.swarms=radio-*=fast",
        "selection.swarms=radio-*=random+able",
        "selection.swarms==near"
      })
  void whatDoesNotGoTogetherIsRefused(String assignment) {
    ConfigException refusal = assertThrows(ConfigException.class, () -> load(assignment));
    assertEquals(1, refusal.faults().size(), () -> refusal.faults().toString());
  }
}
