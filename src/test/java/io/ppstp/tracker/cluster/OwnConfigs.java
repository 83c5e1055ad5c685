package io.ppstp.tracker.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.testing.ClusterXml;
import io.ppstp.tracker.testing.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Configurations of nodes that form a cluster of their own, on free ports. Immutable. */
final class OwnConfigs {
  private final String name = "test-" + UUID.randomUUID();
  private final Path xml;

  OwnConfigs(Path folder) throws IOException {
    int port = Ports.free(ClusterXml.PORTS);
    String text = ClusterXml.at(port, Files.readString(Path.of("cluster.xml"), UTF_8));
    xml = Files.writeString(folder.resolve("cluster-" + port + ".xml"), text, UTF_8);
  }

  String name() {
    return name;
  }

  /** Returns the file of the Hazelcast configuration. */
  Path xml() {
    return xml;
  }

  /** Returns the configuration of a node. */
  TrackerConfig node(String... settings) throws ConfigException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("cluster.enabled=true", "cluster.name=" + name, "cluster.config=" + xml));
    return ConfigLoader.load(null, Map.of(), all);
  }
}
