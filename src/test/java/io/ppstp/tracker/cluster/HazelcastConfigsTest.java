package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperties;
import com.hazelcast.spi.properties.HazelcastProperty;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.AddressTrust;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no configuration file can take from the store. */
class HazelcastConfigsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MAP = "confirmed";

  private final OwnConfigs configs;

  HazelcastConfigsTest(@TempDir Path folder) throws Exception {
    this.configs = new OwnConfigs(folder);
  }

  private Config withProperties(String... namesAndValues) throws Exception {
    StringBuilder xml =
        new StringBuilder(
            "<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\"><properties>");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      xml.append("<property name=\"").append(namesAndValues[i]).append("\">");
      xml.append(namesAndValues[i + 1]).append("</property>");
    }
    Files.writeString(configs.xml(), xml.append("</properties></hazelcast>"));
    return HazelcastConfigs.of(configs.node("cluster.allow-plain-text=members"));
  }

  private static String value(Config config, HazelcastProperty property) {
    return new HazelcastProperties(config).getString(property);
  }

  @Test
  void aChangeWithoutItsCopiesIsNoneWhateverTheFileSays() throws Exception {
    String name = "hazelcast.operation.fail.on.indeterminate.state";
    // Hazelcast takes no notice of a name that it does not know.
    assertEquals(name, ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE.getName());
    for (Config config : List.of(withProperties(), withProperties(name, "false"))) {
      assertEquals("true", value(config, ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE));
      assertEquals("slf4j", value(config, ClusterProperty.LOGGING_TYPE));
      assertEquals("false", value(config, ClusterProperty.PHONE_HOME_ENABLED));
      assertEquals("5", value(config, ClusterProperty.MAX_NO_HEARTBEAT_SECONDS));
    }
  }

  /** What a node restores by itself is told by the same rules as what peers say. */
  @ParameterizedTest
  @EnumSource
  void addressesArePassedOnByTheRulesOfTheConfiguration(AddressTrust trust) throws Exception {
    String value = trust.name().toLowerCase(Locale.ROOT).replace('_', '-');
    TrackerConfig config = ConfigLoader.load(null, Map.of(), List.of("addresses.trust=" + value));

    AddressRules rules = HazelcastConfigs.setup(config).addressRules();

    assertEquals(trust != AddressTrust.ADVERTISED, rules.proofRequired());
  }

  @Test
  void whatTheFileIsSilentAboutIsAsInTheExample() throws Exception {
    Config example = HazelcastConfigs.of(configs.node());
    Config silent = withProperties();
    for (HazelcastProperty property :
        List.of(ClusterProperty.SOCKET_BIND_ANY, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS)) {
      assertEquals(value(example, property), value(silent, property), property.getName());
    }
    Config said = withProperties("hazelcast.heartbeat.interval.seconds", "2");
    assertEquals("2", value(said, ClusterProperty.HEARTBEAT_INTERVAL_SECONDS));
  }

  /** A name with a slip of the pen would be a property that nobody reads. */
  @Test
  void everyPropertyOfTheExampleIsOneOfHazelcasts() throws Exception {
    Config example = HazelcastConfigs.of(configs.node());
    List<String> known =
        Stream.of(ClusterProperty.class.getFields())
            .filter(field -> field.getType() == HazelcastProperty.class)
            .map(HazelcastConfigsTest::name)
            .toList();
    assertTrue(known.size() > 100);
    List<Object> unknown =
        example.getProperties().keySet().stream().filter(name -> !known.contains(name)).toList();
    assertEquals(List.of(), unknown);
  }

  private static String name(java.lang.reflect.Field field) {
    try {
      return ((HazelcastProperty) field.get(null)).getName();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theNotesOfVertxWaitForNoCopy() throws Exception {
    for (Config config : List.of(HazelcastConfigs.of(configs.node()), withProperties())) {
      assertEquals(0, config.getMultiMapConfig("__vertx.subs").getBackupCount());
      assertEquals(1, config.getMultiMapConfig("__vertx.subs").getAsyncBackupCount());
      assertEquals(0, config.getMapConfig("__vertx.nodeInfo").getBackupCount());
      assertEquals(1, config.getMapConfig("__vertx.nodeInfo").getAsyncBackupCount());
    }
  }

  /** Sets an entry at its owner, where a backup waits until it is let go. */
  static final class Slow implements EntryProcessor<String, String, String> {
    static final CountDownLatch BACKUPS_MAY_GO = new CountDownLatch(1);

    private static final long serialVersionUID = 1L;

    @Override
    public String process(Map.Entry<String, String> entry) {
      entry.setValue("changed");
      return "done";
    }

    @Override
    public EntryProcessor<String, String, String> getBackupProcessor() {
      return new SlowBackup();
    }
  }

  static final class SlowBackup implements EntryProcessor<String, String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String process(Map.Entry<String, String> entry) {
      try {
        assertTrue(Slow.BACKUPS_MAY_GO.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return "done";
    }
  }

  @Test
  void aChangeWhoseCopyDoesNotAnswerFails() throws Exception {
    HazelcastInstance one = Hazelcast.newHazelcastInstance(impatient());
    HazelcastInstance other = Hazelcast.newHazelcastInstance(impatient());
    try {
      Await.until(
          "a safe cluster of two",
          PATIENCE,
          () ->
              one.getCluster().getMembers().size() == 2
                  && one.getPartitionService().isClusterSafe());
      IMap<String, String> map = one.getMap(MAP);
      assertThrows(
          IndeterminateOperationStateException.class, () -> map.executeOnKey("key", new Slow()));
      assertFalse(Slow.BACKUPS_MAY_GO.await(0, TimeUnit.SECONDS));
    } finally {
      Slow.BACKUPS_MAY_GO.countDown();
      other.getLifecycleService().terminate();
      one.getLifecycleService().terminate();
    }
  }

  private Config impatient() throws Exception {
    return HazelcastConfigs.of(configs.node())
        .setProperty(ClusterProperty.OPERATION_BACKUP_TIMEOUT_MILLIS.getName(), "500");
  }
}
