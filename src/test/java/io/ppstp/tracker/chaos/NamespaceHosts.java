package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.SplitCluster;
import io.ppstp.tracker.testing.SplitNetwork;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Each node on a host of a {@link SplitNetwork}, whose links to the others can be cut. Of use only
 * in a JVM that is where that network's clients are. Thread-safe.
 */
final class NamespaceHosts implements Hosts {
  /**
   * Later versions ask for these, as the bus listens beyond loopback and each host sees clients at
   * another address; earlier ones do not know them.
   */
  private static final Map<String, String> LATER =
      Map.of("cluster.allow-plain-text", "true", "policy.anonymous", "open");

  private final SplitNetwork network;
  private final Path config;
  private final Map<String, String> known = new HashMap<>();

  NamespaceHosts(SplitNetwork network, int hosts, Path folder) throws Exception {
    this.network = network;
    this.config = folder.resolve("cluster.xml");
    Files.writeString(config, SplitCluster.config(network, hosts));
    for (Map.Entry<String, String> setting : LATER.entrySet()) {
      TrackerProcess.Builder check = TrackerProcess.bare().arguments("check-config");
      if (check.set(setting.getKey(), setting.getValue()).run().exitCode() == 0) {
        known.put(setting.getKey(), setting.getValue());
      }
    }
  }

  @Override
  public TrackerProcess.Builder node(int host) {
    String address = network.address(host);
    String seenByClients = network.clientAddress(host);
    TrackerProcess.Builder node =
        Hosts.configured(TrackerProcess.bare().through(network.inside(host)))
            .arguments("--cluster")
            .set("http.host", seenByClients)
            .set("http.allow-plain-text", true)
            .set("management.host", seenByClients)
            .set("cluster.config", config)
            .set("cluster.bus.host", address);
    known.forEach(node::set);
    return node;
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public void cut(int host) throws IOException, InterruptedException {
    network.cut(host);
  }

  @Override
  public void heal(int host) throws IOException, InterruptedException {
    network.heal(host);
  }

  @Override
  public void close() {
    network.close();
  }
}
