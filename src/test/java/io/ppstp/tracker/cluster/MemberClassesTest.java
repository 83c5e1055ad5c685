package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.impl.ConversionUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.example.Gadget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a member of ours makes of objects that another one sends, which knows no filter: two members
 * as the tracker configures them, and a hostile one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MemberClassesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MAP = "values";

  private final List<Logs.Silence> silences =
      Stream.of("spi.impl.operationexecutor", "spi.impl.operationservice", "map.impl.operation")
          .map(name -> Logs.silence("com.hazelcast." + name))
          .toList();

  private HazelcastInstance ours;
  private HazelcastInstance alsoOurs;
  private HazelcastInstance hostile;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    OwnConfigs configs = new OwnConfigs(folder);
    ours = Hazelcast.newHazelcastInstance(HazelcastConfigs.of(configs.node()));
    alsoOurs = Hazelcast.newHazelcastInstance(HazelcastConfigs.of(configs.node()));
    Config unfiltered = HazelcastConfigs.of(configs.node());
    unfiltered.setClassLoader(null);
    unfiltered.getSerializationConfig().setJavaSerializationFilterConfig(null);
    unfiltered.getSerializationConfig().getCompactSerializationConfig().setZeroConfigFilter(null);
    hostile = Hazelcast.newHazelcastInstance(unfiltered);
    Await.until(
        "three members",
        PATIENCE,
        () ->
            Stream.of(ours, alsoOurs, hostile)
                .allMatch(it -> it.getCluster().getMembers().size() == 3));
  }

  @AfterAll
  void stop() {
    Stream.of(hostile, alsoOurs, ours).forEach(it -> it.getLifecycleService().terminate());
    silences.forEach(Logs.Silence::close);
  }

  static Stream<Object> foreignObjects() {
    return Stream.of(
        new Gadget.OfJava(),
        new Gadget.OfJava[0],
        new Gadget.OfJavaByItself(1),
        new Gadget.OfHazelcast(1),
        // Of the JDK, but not of those that exceptions consist of.
        new BitSet(),
        // Vert.x's envelope for objects of classes that the bytes name.
        new ConversionUtils().convertParam(new Gadget.OfVertx(1)),
        new ConversionUtils().convertParam(new JsonObject()));
  }

  static Stream<Arguments> eachForeignObject() {
    return foreignObjects().map(foreign -> Arguments.of(foreign));
  }

  @ParameterizedTest
  @MethodSource("eachForeignObject")
  void objectsOfOtherClassesAreNotMade(Object foreign) {
    hostile.getMap(MAP).set("key", foreign);
    int before = Gadget.timesRead();

    Throwable refusal = assertThrows(RuntimeException.class, () -> ours.getMap(MAP).get("key"));

    assertEquals(before, Gadget.timesRead());
    while (refusal.getCause() != null) {
      refusal = refusal.getCause();
    }
    assertTrue(String.valueOf(refusal.getMessage()).contains("not"), refusal::toString);
  }

  /** Shows that the test above could fail. */
  @Test
  void aMemberWithoutTheFilterMakesThem() {
    int before = Gadget.timesRead();
    IMap<String, Object> map = hostile.getMap(MAP);
    for (Object foreign : foreignObjects().toList()) {
      map.set("key", foreign);
      map.get("key");
    }
    assertEquals(before + 4, Gadget.timesRead());
  }

  /** Hazelcast then gives what it read without the class, as it does where that is missing. */
  @Test
  void objectsAreNotFilledFieldByField() {
    hostile.getMap(MAP).set("key", new Gadget.OfHazelcastCompact(7));
    int before = Gadget.timesRead();

    assertInstanceOf(GenericRecord.class, ours.getMap(MAP).get("key"));
    assertEquals(before, Gadget.timesRead());
  }

  @Test
  void foreignCodeIsNotRun() {
    int before = Gadget.timesRead();
    IMap<String, Object> map = hostile.getMap(MAP);
    String key = keyOwnedBy(ours);
    assertThrows(
        HazelcastSerializationException.class,
        () -> map.executeOnKey(key, new Gadget.OfHazelcast(1)));
    assertEquals(before, Gadget.timesRead());
    assertTrue(ours.getLifecycleService().isRunning());
    map.set(key, "still served");
    assertEquals("still served", alsoOurs.getMap(MAP).get(key));
  }

  private String keyOwnedBy(HazelcastInstance member) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "key" + i)
        .filter(
            key ->
                member
                    .getCluster()
                    .getLocalMember()
                    .equals(member.getPartitionService().getPartition(key).getOwner()))
        .findFirst()
        .orElseThrow();
  }

  /** Fails as a processor of ours may, at its owner. */
  static final class Failing implements EntryProcessor<String, Object, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String process(Map.Entry<String, Object> entry) {
      IllegalStateException failure = new IllegalStateException("outer", new IOException("inner"));
      failure.addSuppressed(new IllegalArgumentException("suppressed"));
      throw failure;
    }
  }

  @Test
  void failuresOfOneMemberAreUnderstoodByAnother() {
    IMap<String, Object> map = alsoOurs.getMap(MAP);

    Throwable failure =
        assertThrows(
            IllegalStateException.class, () -> map.executeOnKey(keyOwnedBy(ours), new Failing()));

    assertEquals("outer", failure.getMessage());
    assertTrue(
        Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
            .anyMatch(cause -> cause instanceof IOException),
        () -> "causes of " + failure);
  }

  /** Of Hazelcast's defaults, which are most of the JDK, nothing is left. */
  @Test
  void theFilterIsOursAlone() {
    JavaSerializationFilterConfig filter =
        ours.getConfig().getSerializationConfig().getJavaSerializationFilterConfig();
    assertTrue(filter.isDefaultsDisabled());
    for (String gadget :
        new String[] {
          "java.lang.invoke.SerializedLambda",
          "java.lang.reflect.Proxy",
          "java.util.HashSet",
          "java.util.PriorityQueue",
          "java.net.URL",
          "javax.management.BadAttributeValueExpException",
          "com.sun.rowset.JdbcRowSetImpl",
          "io.vertx.spi.cluster.hazelcast.impl.DataSerializableHolder",
          "org.example.Gadget"
        }) {
      assertTrue(!filter.getWhitelist().isListed(gadget), gadget);
    }
  }
}
