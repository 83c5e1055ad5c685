package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.ppstp.tracker.bus.PeerNames;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The keys by which all nodes call a peer the same. */
class SharedDayKeysTest {
  private static final long NOON = Instant.parse("2026-11-27T12:00:00Z").toEpochMilli();
  private static final long BEFORE_MIDNIGHT = Instant.parse("2026-11-27T23:55:00Z").toEpochMilli();
  private static final long TODAY = PeerNames.dayOf(NOON);

  private final HazelcastInstance hazelcast = alone();
  private final SharedDayKeys one = new SharedDayKeys(hazelcast);
  private final SharedDayKeys other = new SharedDayKeys(hazelcast);

  private static HazelcastInstance alone() {
    Config config = new Config();
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    SharedDayKeys.prepare(config, 0);
    return Hazelcast.newHazelcastInstance(config);
  }

  @AfterEach
  void stop() {
    hazelcast.shutdown();
  }

  private static byte[] keyOf(SharedDayKeys keys, long day) {
    byte[] key = keys.apply(day);
    assertNotNull(key);
    return key;
  }

  @Test
  void allNodesHaveTheSameAndTheNextBeforeItsDay() {
    one.open(NOON);
    other.open(NOON);
    assertArrayEquals(keyOf(one, TODAY), keyOf(other, TODAY));
    assertNull(one.apply(TODAY + 1));

    other.refresh(BEFORE_MIDNIGHT);
    one.refresh(BEFORE_MIDNIGHT);
    assertArrayEquals(keyOf(one, TODAY + 1), keyOf(other, TODAY + 1));
    assertFalse(Arrays.equals(keyOf(one, TODAY), keyOf(one, TODAY + 1)));
  }

  @Test
  void aKeyThatTheClusterHasLostStays() {
    one.open(NOON);
    byte[] before = keyOf(one, TODAY);
    hazelcast.getMap("ppstp.event-keys").clear();
    one.refresh(NOON);
    other.open(NOON);

    assertArrayEquals(before, keyOf(one, TODAY));
    assertArrayEquals(before, keyOf(other, TODAY));
  }

  /** Whoever never asked for names leaves the cluster alone. */
  @Test
  void withoutAWishThereIsNone() {
    one.refresh(NOON);

    assertNull(one.apply(TODAY));
    assertFalse(hazelcast.getMap("ppstp.event-keys").containsKey(TODAY));
  }
}
