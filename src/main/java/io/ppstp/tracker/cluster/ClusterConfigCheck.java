package io.ppstp.tracker.cluster;

import io.ppstp.tracker.config.TrackerConfig;

/** Looks at a node's configuration without starting the node. Stateless. */
public final class ClusterConfigCheck {
  private ClusterConfigCheck() {}

  /**
   * Reads the Hazelcast configuration that a node would, if {@code config} is that of a node.
   *
   * @throws ClusterConfigException if the node would refuse to start for it
   */
  public static void run(TrackerConfig config) throws ClusterConfigException {
    if (config.cluster().enabled()) {
      HazelcastConfigs.of(config);
    }
  }
}
