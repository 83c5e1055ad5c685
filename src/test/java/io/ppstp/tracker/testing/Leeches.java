package io.ppstp.tracker.testing;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.swarm.SwarmManager;
import io.ppstp.tracker.swarm.SwarmRules;
import io.ppstp.tracker.swarm.SwarmServices;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Many viewers alike: each a LEECH with one IPv4 address in one of some swarms. */
public final class Leeches {
  private static final int IN_FLIGHT = 256;

  private Leeches() {}

  /**
   * Sends one CONNECT for each of the peers from {@code from} to {@code to} - 1, as the reader
   * makes it: no object in it is shared. Returns how many were granted, once their swarms' lists
   * name them all.
   */
  public static int join(TrackerStore store, int from, int to, int swarms) {
    SplittableRandom random = new SplittableRandom(1);
    SwarmManager manager =
        new SwarmManager(
            store,
            SwarmRules.of(ConfigLoader.defaults()),
            new FakeClock(1_790_000_000_000L),
            new SwarmServices(
                event -> {}, leniencies -> {}, (reason, count) -> {}, random::nextLong));
    long before = members(store);
    AtomicInteger granted = new AtomicInteger();
    Semaphore free = new Semaphore(IN_FLIGHT);
    for (int i = from; i < to; i++) {
      free.acquireUninterruptibly();
      manager
          .handle(connect(i, swarms), new Requester(ip(i), 40_000))
          .thenAccept(
              answer -> {
                granted.addAndGet(answer.code().isSuccess() ? 1 : 0);
                free.release();
              });
    }
    free.acquireUninterruptibly(IN_FLIGHT);
    Await.until(() -> members(store) + " members", () -> members(store) == before + granted.get());
    return granted.get();
  }

  private static long members(TrackerStore store) {
    return store.census().toCompletableFuture().join().members();
  }

  /** Peer IDs of 20 and swarm IDs of 40 characters, as with RFC 7574 and SHA-1. */
  private static Request.Connect connect(int number, int swarms) {
    PeerAddress address = new PeerAddress(ip(number), 6881, 1, AddressType.HOST, null, null, null);
    String swarm = String.format("%040x", number % swarms);
    return new Request.Connect(
        "t" + number,
        String.format("-PP0001-%012d", number),
        number,
        new PeerNum(5, null, -1, -1, -1),
        List.of(address),
        List.of(new SwarmAction(swarm, Action.JOIN, PeerMode.LEECH)));
  }

  private static IpAddress ip(int number) {
    return IpAddress.ofV4Bits(50 << 24 | number);
  }
}
