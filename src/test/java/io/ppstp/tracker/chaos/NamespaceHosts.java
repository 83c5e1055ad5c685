package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.SplitCluster;
import io.ppstp.tracker.testing.SplitNetwork;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Each node on a host of a {@link SplitNetwork}, whose links to the others can be cut. Of use only
 * in a JVM that is where that network's clients are. Thread-safe.
 */
final class NamespaceHosts implements Hosts {
  /** Later versions ask for it, as the bus listens beyond loopback; earlier ones do not know it. */
  private static final String PLAIN_BUS = "cluster.allow-plain-text";

  private final SplitNetwork network;
  private final Path config;
  private final boolean knowsPlainBus;

  NamespaceHosts(SplitNetwork network, int hosts, Path folder) throws Exception {
    this.network = network;
    this.config = folder.resolve("cluster.xml");
    Files.writeString(config, SplitCluster.config(network, hosts));
    this.knowsPlainBus =
        TrackerProcess.bare().arguments("check-config").set(PLAIN_BUS, true).run().exitCode() == 0;
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
    return knowsPlainBus ? node.set(PLAIN_BUS, true) : node;
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
