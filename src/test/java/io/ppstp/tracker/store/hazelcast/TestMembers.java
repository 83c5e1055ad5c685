package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.properties.ClusterProperty;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Members of a cluster of its own, all in this JVM and on loopback. Confined to one thread. */
final class TestMembers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BACKUPS = 1;

  private final String clusterName = "test-" + UUID.randomUUID();
  private final List<HazelcastInstance> instances = new ArrayList<>();
  private final Map<String, TestPost> posts = new ConcurrentHashMap<>();
  private final List<Integer> ports;

  private TestMembers(int atMost) {
    int first = Ports.free(atMost);
    ports = IntStream.range(first, first + atMost).boxed().toList();
  }

  /** Starts {@code count} members, with room for {@code atMost} in all. */
  static TestMembers start(int count, int atMost) throws Exception {
    TestMembers members = new TestMembers(atMost);
    for (int i = 0; i < count; i++) {
      members.add();
    }
    return members;
  }

  /** Starts one member more and waits until all have their share. */
  HazelcastInstance add() throws Exception {
    HazelcastInstance instance = Hazelcast.newHazelcastInstance(config());
    instances.add(instance);
    awaitSafe();
    return instance;
  }

  private Config config() {
    Config config = new Config();
    config.setClusterName(clusterName);
    config.setProperty(ClusterProperty.LOGGING_TYPE.getName(), "slf4j");
    config.setProperty(ClusterProperty.PHONE_HOME_ENABLED.getName(), "false");
    config.setProperty(ClusterProperty.SOCKET_BIND_ANY.getName(), "false");
    config.setProperty(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN.getName(), "0");
    config.setProperty(ClusterProperty.PARTITION_COUNT.getName(), "271");
    config.getNetworkConfig().setPort(ports.get(instances.size())).setPortAutoIncrement(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    ports.forEach(port -> join.getTcpIpConfig().addMember("127.0.0.1:" + port));
    StoreConfig.prepare(config, ConnectBuilder.TIMERS, Integer.MAX_VALUE, BACKUPS, 0);
    return config;
  }

  /** Waits until all members see each other and every entry has its backup. */
  void awaitSafe() throws Exception {
    Await.until(
        "a safe cluster",
        PATIENCE,
        () ->
            running()
                .allMatch(
                    it ->
                        it.getCluster().getMembers().size() == running().count()
                            && it.getPartitionService().isClusterSafe()));
  }

  private Stream<HazelcastInstance> running() {
    return instances.stream().filter(it -> it.getLifecycleService().isRunning());
  }

  HazelcastInstance get(int index) {
    return instances.get(index);
  }

  /**
   * Returns a store over all running members, without any state, that takes charge of {@code
   * maximumPeers} on each.
   */
  SharedStore emptyStore(int maximumPeers) {
    running()
        .forEach(
            member -> {
              new NodeState(ConnectBuilder.TIMERS, maximumPeers).attachTo(member.getUserContext());
              member.getMap(HazelcastStore.PEERS).clear();
              member.getMap(HazelcastStore.SWARMS).clear();
            });
    return store();
  }

  /** Returns a store over all running members, with the state that they hold. */
  SharedStore store() {
    return new SharedStore(
        running().map(member -> new HazelcastStore(member, postOf(member))).toList());
  }

  /** Returns where a member's letters come in. */
  TestPost postOf(HazelcastInstance member) {
    return TestPost.open(
        HazelcastReplicas.nameOf(member.getCluster().getLocalMember().getAddress()), posts);
  }

  @Override
  public void close() {
    instances.forEach(it -> it.getLifecycleService().terminate());
  }
}
