package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.StoreConfig;
import io.ppstp.tracker.store.hazelcast.StoreConfig.StoreSetup;
import io.ppstp.tracker.store.hazelcast.state.ChangeProcessor;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.ListenerProcess;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerEvents;
import io.ppstp.tracker.testing.TrackerEvents.Heard;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Timers go on when the node that kept them is gone, and nothing is left behind for ever. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterExpiryIT {
  private static final Duration TRACK = Duration.ofSeconds(12);

  /** For a death to be noticed, a tick, and a machine that has other things to do. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PEERS = 60;
  private static final Held NOTHING = new Held(0, 0, 0);

  private Path folder;
  private TrackerCluster cluster;
  private ListenerProcess listener;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    cluster =
        TrackerCluster.in(
                folder,
                node ->
                    node.set("timers.track", TRACK.toSeconds() + "s").set("timers.tick", "250ms"))
            .start(2);
    listener = ListenerProcess.of(cluster, folder);
  }

  @AfterAll
  void stop() {
    listener.close();
    cluster.close();
  }

  @Test
  @Order(1)
  void peersOfADeadNodeExpireOnTimeAndOnce() throws Exception {
    TrackerProcess victim = cluster.nodes().get(0);
    TrackerProcess survivor = cluster.nodes().get(1);
    PpstpClient client = victim.client();
    Map<String, Instant> lastHeardOf = new HashMap<>();
    for (int i = 0; i < PEERS; i++) {
      String peer = "p" + i;
      client.post(Message.connect(peer, "1").joinAsSeeder("a").joinAsSeeder("b")).expectSuccess();
      lastHeardOf.put(peer, Instant.now());
    }
    cluster.kill(victim);

    TrackerEvents events = listener.events();
    Await.until("all have expired", PATIENCE, () -> events.of("expired").size() >= PEERS);
    Await.until("nothing", PATIENCE, () -> survivor.management().held().equals(NOTHING));
    survivor.client().post(Message.connect("last", "1").joinAsLeech("c")).expectSuccess();
    survivor.client().post(Message.connect("last", "2").leave("c")).expectSuccess();
    Await.until("the last event", PATIENCE, () -> events.tellOf("last"));

    List<Heard> expired = events.of("expired");
    assertEquals(
        lastHeardOf.keySet().stream().sorted().toList(),
        expired.stream().map(Heard::peer).sorted().toList(),
        "each once");
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    for (Heard heard : expired) {
      assertEquals("[\"a\",\"b\"]", heard.event().path("swarm_ids").toString());
      Duration silence = Duration.between(lastHeardOf.get(heard.peer()), heard.at());
      earliest = Math.min(earliest, silence.minus(TRACK).toMillis());
      latest = Math.max(latest, silence.minus(TRACK).toMillis());
    }
    System.out.printf("expired %d to %d ms after the timer%n", earliest, latest);
    assertTrue(earliest > -1000, "too early: " + earliest);
    assertTrue(latest < LATE.toMillis(), "too late: " + latest);
  }

  @Test
  @Order(2)
  void aMemberWithoutARegistrationIsFoundAndRemoved() throws Exception {
    cluster.start();
    cluster.awaitSafe(PATIENCE);
    long before = orphansRemoved();
    Config config =
        new XmlConfigBuilder(ListenerProcess.config(cluster, folder).toString()).build();
    StoreConfig.prepare(
        config,
        new StoreSetup(
            0,
            TRACK,
            1,
            0,
            Duration.ofSeconds(5),
            new StoreSetup.Reads(Duration.ofMillis(150), true),
            AddressRules.OPEN));
    HazelcastInstance visitor = Hazelcast.newHazelcastInstance(config);
    int orphans = 20;
    try {
      for (int i = 0; i < orphans; i++) {
        addOrphan(visitor, new SwarmKey("left-over-" + i));
      }
      Await.until("orphans removed", PATIENCE, () -> orphansRemoved() - before == orphans);
    } finally {
      visitor.getLifecycleService().terminate();
    }
    for (TrackerProcess node : cluster.nodes()) {
      Await.until("nothing", PATIENCE, () -> node.management().held().equals(NOTHING));
    }
  }

  private long orphansRemoved() throws Exception {
    long removed = 0;
    for (TrackerProcess node : cluster.nodes()) {
      removed += TrackerCluster.cluster(node).path("orphans_removed").asLong();
    }
    return removed;
  }

  /** Lists take changes from the owner of a peer's shard only, so this one poses as it. */
  private static void addOrphan(HazelcastInstance visitor, SwarmKey swarm) throws Exception {
    Member orphan =
        new Member("gone", PeerMode.SEEDER, 1, PeerAddresses.NONE, PeerNum.NOTHING, null);
    SwarmChange change =
        new SwarmChange(
            List.of(new SwarmChange.Of<>(swarm, new MemberChange("gone", 1, orphan))), List.of());
    UUID owner =
        visitor.getPartitionService().getPartition(Shards.ofPeer("gone")).getOwner().getUuid();
    visitor
        .<Integer, StateValue<SwarmShard, SwarmChange>>getMap(StateKind.SWARMS.map())
        .submitToKey(Shards.ofSwarm(swarm), new ChangeProcessor<>(StateKind.SWARMS, change, owner))
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
