package io.ppstp.tracker.security.digest.hazelcast;

import static io.ppstp.tracker.security.digest.NonceStore.Use.ACCEPTED;
import static io.ppstp.tracker.security.digest.NonceStore.Use.REPLAYED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.properties.ClusterProperty;
import io.ppstp.tracker.security.digest.NonceKeys;
import io.ppstp.tracker.security.digest.NonceLedgerContract;
import io.ppstp.tracker.security.digest.NonceStore;
import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.ppstp.tracker.security.digest.hazelcast.HazelcastNonceStore.SharedKey;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Ports;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on two members, each call on the other one, and what holds for clusters only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HazelcastNonceStoreTest extends NonceLedgerContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  private final String clusterName = "test-" + UUID.randomUUID();
  private final List<HazelcastInstance> members = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();

  HazelcastNonceStoreTest() throws Exception {
    int first = Ports.free(2);
    List<Integer> ports = List.of(first, first + 1);
    for (int port : ports) {
      members.add(Hazelcast.newHazelcastInstance(config(port, ports)));
    }
    awaitSafe(2);
  }

  private void awaitSafe(int count) throws Exception {
    HazelcastInstance last = members.get(members.size() - 1);
    Await.until(
        "a safe cluster",
        PATIENCE,
        () ->
            last.getCluster().getMembers().size() == count
                && last.getPartitionService().isClusterSafe());
  }

  private Config config(int port, List<Integer> ports) {
    Config config = new Config();
    config.setClusterName(clusterName);
    config.setProperty(ClusterProperty.LOGGING_TYPE.getName(), "slf4j");
    config.setProperty(ClusterProperty.PHONE_HOME_ENABLED.getName(), "false");
    config.setProperty(ClusterProperty.SOCKET_BIND_ANY.getName(), "false");
    config.setProperty(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN.getName(), "0");
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    ports.forEach(it -> join.getTcpIpConfig().addMember("127.0.0.1:" + it));
    NonceConfig.prepare(config, 1, null);
    return config;
  }

  @AfterAll
  void stop() {
    members.forEach(it -> it.getLifecycleService().terminate());
    Await.result(vertx.close());
  }

  private Nonces open(int member, int maximum) {
    return HazelcastNonceStore.open(
        vertx, members.get(member), maximum, Duration.ofSeconds(10), RANDOM);
  }

  @Override
  protected NonceStore newLedger(int maximum) {
    windows().clear();
    List<NonceStore> nodes = List.of(open(0, maximum).ledger(), open(1, maximum).ledger());
    AtomicInteger next = new AtomicInteger();
    return (nonce, account, count, expiresAtMs) ->
        nodes.get(next.getAndIncrement() % 2).use(nonce, account, count, expiresAtMs);
  }

  private IMap<String, WindowValue> windows() {
    return members.get(0).getMap(NonceConfig.WINDOWS);
  }

  @Override
  protected long nowMs() {
    return members.get(0).getCluster().getClusterTime();
  }

  @Test
  void allNodesHaveOneKeyAndFindItAgain() {
    Nonces one = open(0, 10);
    Nonces other = open(1, 10);
    assertArrayEquals(one.keys().current(), other.keys().current());

    IMap<String, byte[]> map = members.get(0).getMap(NonceConfig.KEYS);
    SharedKey known = SharedKey.of(map, NonceKeys.newKey(RANDOM));
    map.clear();
    known.refresh();
    assertArrayEquals(known.keys().current(), map.get("digest.nonce"));
    byte[] newer = NonceKeys.newKey(RANDOM);
    map.put("digest.nonce", newer);
    known.refresh();
    assertArrayEquals(newer, known.keys().current());
    map.put("digest.nonce", new byte[NonceKeys.LENGTH + 1]);
    known.refresh();
    assertArrayEquals(newer, known.keys().current(), "what is no key is taken no notice of");
    byte[] proposal = NonceKeys.newKey(RANDOM);
    assertArrayEquals(proposal, SharedKey.of(map, proposal).keys().current());
    map.put("digest.nonce", newer);
  }

  @Test
  void aWindowGoesSomeTimeAfterItsNonce() {
    NonceStore ledger = newLedger(10);
    Nonce nonce = newNonce();
    assertEquals(ACCEPTED, use(ledger, nonce, 1));
    assertEquals(ACCEPTED, use(ledger, nonce, 2));
    String key = windows().keySet().iterator().next();
    long expiresAtMs = windows().getEntryView(key).getExpirationTime();
    long afterMs = expiresAtMs - (nonce.mintedAtMs() + LIFE_MS);
    assertTrue(afterMs >= 25_000 && afterMs <= 40_000, afterMs + " ms after its nonce");
  }

  /** Hazelcast repeats a call when the owner dies before it has answered. */
  @Test
  void aRepeatedCallIsNoReplay() {
    WindowValue value = new WindowValue();
    assertEquals(ACCEPTED, value.use(1, 77));
    assertEquals(ACCEPTED, value.use(1, 77));
    assertEquals(REPLAYED, value.use(1, 78));
  }

  @Test
  void aBackupRemembersWhenTheOwnerDies() throws Exception {
    NonceStore ledger = newLedger(1000);
    List<Nonce> nonces = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      nonces.add(newNonce());
      assertEquals(ACCEPTED, use(ledger, nonces.get(i), 1));
    }
    List<Integer> ports =
        members.stream()
            .map(it -> it.getCluster().getLocalMember().getAddress().getPort())
            .toList();
    members.get(0).getLifecycleService().terminate();
    awaitSafe(1);
    NonceStore survivor = open(1, 1000).ledger();
    for (Nonce nonce : nonces) {
      assertEquals(REPLAYED, use(survivor, nonce, 1));
      assertEquals(ACCEPTED, use(survivor, nonce, 2));
    }
    members.set(0, Hazelcast.newHazelcastInstance(config(ports.get(0), ports)));
    awaitSafe(2);
    NonceStore newcomer = open(0, 1000).ledger();
    for (Nonce nonce : nonces) {
      assertEquals(REPLAYED, use(newcomer, nonce, 2));
    }
  }

  @Test
  void failsIfItsNodeIsGone() {
    HazelcastInstance alone =
        Hazelcast.newHazelcastInstance(config(0, List.of()).setClusterName("alone"));
    NonceStore ledger =
        HazelcastNonceStore.open(vertx, alone, 10, Duration.ofSeconds(10), RANDOM).ledger();
    Nonce nonce = newNonce();
    assertEquals(ACCEPTED, use(ledger, nonce, 1));
    alone.getLifecycleService().terminate();
    assertThrows(CompletionException.class, () -> use(ledger, nonce, 2));
  }
}
