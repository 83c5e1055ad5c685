package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.properties.ClusterProperty;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.store.hazelcast.StoreConfig.StoreSetup;
import io.ppstp.tracker.store.hazelcast.state.NodeState;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ConnectBuilder;
import io.ppstp.tracker.testing.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Members of a cluster of its own, all in this JVM and on loopback. Confined to one thread. */
final class TestMembers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BACKUPS = 1;

  private final String clusterName = "test-" + UUID.randomUUID();
  private final List<HazelcastInstance> instances = new ArrayList<>();
  private final List<Config> configs = new ArrayList<>();
  private final List<Integer> ports;
  private TestTransport transport = new TestTransport();
  private @Nullable SharedStore open;

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

  /**
   * Starts {@code count} members of which none knows another, until they are told.
   *
   * @param more is given the configuration of each
   */
  static TestMembers startApart(int count, Consumer<Config> more) {
    TestMembers members = new TestMembers(count);
    for (int i = 0; i < count; i++) {
      Config config = members.config(List.of(members.ports.get(i)));
      more.accept(config);
      members.instances.add(Hazelcast.newHazelcastInstance(config));
    }
    return members;
  }

  /** Has each member that was started apart merge into the one before it, all at once. */
  void mergeAll() {
    for (int i = 1; i < configs.size(); i++) {
      TcpIpConfig addresses = configs.get(i).getNetworkConfig().getJoin().getTcpIpConfig();
      addresses.addMember("127.0.0.1:" + ports.get(i - 1));
    }
  }

  /** Starts one member more and waits until all have their share. */
  HazelcastInstance add() throws Exception {
    HazelcastInstance instance = Hazelcast.newHazelcastInstance(config(ports));
    instances.add(instance);
    awaitSafe();
    return instance;
  }

  /** Returns the configuration of the next member, which looks for others at {@code known}. */
  private Config config(List<Integer> known) {
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
    config.setProperty(ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS.getName(), "1");
    config.setProperty(ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS.getName(), "1");
    known.forEach(port -> join.getTcpIpConfig().addMember("127.0.0.1:" + port));
    StoreConfig.prepare(config, setup(Integer.MAX_VALUE));
    configs.add(config);
    return config;
  }

  /** As by default. */
  static final Duration LIST_INTERVAL = Duration.ofMillis(150);

  private static StoreSetup setup(int maximumPeers) {
    return new StoreSetup(
        maximumPeers,
        Duration.ofMillis(ConnectBuilder.TRACK_MS),
        BACKUPS,
        0,
        Duration.ofSeconds(5),
        new StoreSetup.Reads(LIST_INTERVAL, true),
        AddressRules.OPEN);
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

  /** Returns what carries the questions of the present store. */
  TestTransport transport() {
    return transport;
  }

  /**
   * Returns a store over all running members, without any state, that takes charge of {@code
   * maximumPeers} on each. The one before ends.
   */
  SharedStore emptyStore(int maximumPeers) {
    close(open);
    running()
        .forEach(
            member -> {
              new NodeState(maximumPeers, false, AddressRules.OPEN)
                  .attachTo(member.getUserContext());
              member.getMap(StateKind.PEERS.map()).clear();
              member.getMap(StateKind.SWARMS.map()).clear();
            });
    return store();
  }

  /** Returns a store over all running members, with the state that they hold. */
  SharedStore store() {
    close(open);
    transport = new TestTransport();
    SharedStore store =
        new SharedStore(
            running()
                .map(member -> new HazelcastStore(member, transport, setup(Integer.MAX_VALUE), 1))
                .toList());
    open = store;
    try {
      Await.until(
          "a store that is ready",
          PATIENCE,
          () -> store.all().stream().allMatch(node -> node.isReady() && node.mayChange()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return store;
  }

  private static void close(@Nullable SharedStore store) {
    if (store != null) {
      store.close();
    }
  }

  @Override
  public void close() {
    close(open);
    instances.forEach(it -> it.getLifecycleService().terminate());
  }
}
