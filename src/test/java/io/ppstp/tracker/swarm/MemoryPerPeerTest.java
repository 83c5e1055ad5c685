package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.protocol.Action;
import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/**
 * What the heap retains of a LEECH with one IPv4 address in one swarm, everything counted: the
 * JVM's histogram of live objects, which collects all garbage first, before and after.
 */
class MemoryPerPeerTest {
  private static final int PEERS = 1_000_000;
  private static final int SWARMS = 1_000;
  private static final int MOST_BYTES = 400;
  private static final int SHOWN_CLASSES = 14;

  @Test
  void aPeerTakesFewBytesOfTheHeap() throws JMException {
    histogram();
    long before = liveBytes(histogram());
    TrackerStore store = new LocalStore(PEERS);
    fill(store);
    String after = histogram();

    double perPeer = (liveBytes(after) - before) / (double) PEERS;
    System.out.printf(
        Locale.ROOT, "%.1f bytes per peer at %d peers in %d swarms%n", perPeer, PEERS, SWARMS);
    after.lines().limit(SHOWN_CLASSES).forEach(System.out::println);
    assertEquals(
        new TrackerStore.Census(PEERS, SWARMS, PEERS), store.census().toCompletableFuture().join());
    assertTrue(perPeer <= MOST_BYTES, () -> perPeer + " bytes per peer");
  }

  /** Sends one CONNECT for each peer, as the reader makes it: nothing in it is shared. */
  private static void fill(TrackerStore store) {
    SplittableRandom random = new SplittableRandom(1);
    SwarmManager manager =
        new SwarmManager(
            store,
            SwarmRules.of(TrackerConfig.defaults()),
            new FakeClock(1_790_000_000_000L),
            random::nextLong,
            event -> {},
            leniencies -> {},
            (reason, count) -> {});
    for (int i = 0; i < PEERS; i++) {
      Answer answer =
          manager.handle(connect(i), new Requester(ip(i), 40_000)).toCompletableFuture().join();
      assertTrue(answer.code().isSuccess());
    }
  }

  /** Peer IDs of 20 and swarm IDs of 40 characters, the lengths of RFC 7574 with SHA-1. */
  private static Request.Connect connect(int number) {
    String peer = String.format("-PP0001-%012d", number);
    PeerAddress address = new PeerAddress(ip(number), 6881, 1, AddressType.HOST, null, null, null);
    String swarm = String.format("%040x", number % SWARMS);
    return new Request.Connect(
        "t" + number,
        peer,
        number,
        new PeerNum(5, null, -1, -1, -1),
        List.of(address),
        List.of(new SwarmAction(swarm, Action.JOIN, PeerMode.LEECH)));
  }

  private static IpAddress ip(int number) {
    return IpAddress.ofBytes(
        new byte[] {50, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
  }

  private static String histogram() throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
  }

  /** The last line is "Total", instances, bytes. */
  private static long liveBytes(String histogram) {
    String[] total =
        histogram.strip().lines().reduce((one, next) -> next).orElseThrow().split("\\s+");
    return Long.parseLong(total[2]);
  }
}
