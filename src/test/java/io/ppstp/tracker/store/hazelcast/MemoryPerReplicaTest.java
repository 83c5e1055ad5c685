package io.ppstp.tracker.store.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.store.Shards;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Leeches;
import io.ppstp.tracker.testing.LiveHeap;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What each of two replicas retains of a LEECH with one IPv4 address in one swarm. Both members are
 * in one JVM, so that its heap holds everything twice. What a node holds once, such as the empty
 * shards, is there before the first count: at a million peers it is a byte each.
 */
class MemoryPerReplicaTest {
  private static final int REPLICAS = 2;
  private static final int ALREADY = 10_000;
  private static final int PEERS = 60_000;
  private static final int SWARMS = 60;
  private static final int MOST_BYTES = 430;
  private static final Pattern FOUND = Pattern.compile("([0-9.]+) bytes per peer and replica");

  /** In a JVM of its own: what other tests have left goes meanwhile. */
  @Test
  void aPeerTakesFewBytesOfTheHeapOfEachReplica() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            it ->
                it.startsWith("--add-")
                    || it.startsWith("-Djava.")
                    || it.startsWith("-Dhazelcast."))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), Child.class.getName()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(child.getInputStream().readAllBytes(), UTF_8);
      System.out.print(said);
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, child.exitValue());
      Matcher found = FOUND.matcher(said);
      assertTrue(found.find());
      assertTrue(Double.parseDouble(found.group(1)) <= MOST_BYTES, found.group());
    } finally {
      child.destroyForcibly();
    }
  }

  /** The JVM whose heap is looked at. */
  static final class Child {
    private Child() {}

    /** Prints what a peer takes. */
    public static void main(String... arguments) throws Exception {
      count();
      System.exit(0);
    }
  }

  private static void count() throws Exception {
    try (TestMembers members = TestMembers.start(REPLICAS, REPLICAS)) {
      SharedStore store = members.emptyStore(Integer.MAX_VALUE);
      assertEquals(ALREADY, Leeches.join(store, 0, ALREADY, SWARMS));
      awaitNothingNoted(members);
      LiveHeap before = LiveHeap.now();
      assertEquals(PEERS, Leeches.join(store, ALREADY, ALREADY + PEERS, SWARMS));
      awaitNothingNoted(members);
      LiveHeap after = LiveHeap.now();

      double perPeer = (after.bytes() - before.bytes()) / (double) PEERS / REPLICAS;
      System.out.printf(
          Locale.ROOT, "%.1f bytes per peer and replica, %d peers more%n", perPeer, PEERS);
      after.print(14);
    }
  }

  /** What is noted for lists goes once they have followed, and is remembered a little longer. */
  private static void awaitNothingNoted(TestMembers members) throws Exception {
    Placement placement = new HazelcastInternals(members.get(0), REPLICAS - 1);
    Await.until(
        "lists have followed and notes are struck out",
        Duration.ofSeconds(60),
        () -> {
          for (int shard = 0; shard < Shards.PEERS; shard++) {
            StateValue<PeerShard, ?> value = placement.value(StateKind.PEERS, shard);
            if (value != null && !value.read(state -> state.updates().isEmpty())) {
              return false;
            }
          }
          return true;
        });
    long endNs =
        System.nanoTime() + ShardUpdates.REMEMBERED_NS + TestMembers.LIST_INTERVAL.toNanos();
    Await.until("they are forgotten", Duration.ofSeconds(60), () -> System.nanoTime() > endNs);
  }
}
