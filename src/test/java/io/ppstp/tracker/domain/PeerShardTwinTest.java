package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A shard under random requests and timeouts, beside a twin that is simple and slow. */
class PeerShardTwinTest {
  private static final int STEPS = 40_000;
  private static final int PEERS = 60;
  private static final int SWARMS = 3;

  private static final class TwinPeer {
    boolean tracking;
    long lastSeenMs;
    final Set<String> swarms = new TreeSet<>();
  }

  private final SplittableRandom random = Seeds.random();
  private final PeerShard shard = new PeerShard();
  private final CountingBudget budget = new CountingBudget();

  /** In the order in which the peers were last heard of. */
  private final Map<String, TwinPeer> twin = new LinkedHashMap<>();

  private long nowMs = 1_000_000_000;
  private int departed;

  @Test
  void registrationsAreThoseOfTheTwinAfterEveryStep() {
    for (int step = 0; step < STEPS; step++) {
      nowMs += random.nextInt(4) == 0 ? random.nextInt(8_000) : 0;
      step("p" + random.nextInt(PEERS), "s" + random.nextInt(SWARMS));
      assertEquals(twin.size(), shard.size());
      assertEquals(twin.size(), budget.reserved);
      if (step % 10 == 0) {
        twin.forEach(this::assertRegistered);
      }
    }
    assertTrue(departed > 500, "timers ran out only " + departed + " times");
  }

  private void step(String id, String swarm) {
    switch (random.nextInt(8)) {
      case 0, 1 -> join(id, swarm);
      case 2 -> leave(id, swarm);
      case 3 -> find(id, swarm);
      case 4 -> report(id, swarm);
      case 5 -> keepAlive(id);
      case 6 -> track(id);
      default -> expire(random.nextInt(6));
    }
  }

  private void join(String id, String swarm) {
    ConnectOutcome outcome = apply(connect(id).additive().seeder(swarm).at(nowMs));

    boolean known = twin.containsKey(id);
    ConnectOutcome.Granted granted = assertInstanceOf(ConnectOutcome.Granted.class, outcome);
    assertEquals(!known, granted.registered());
    touch(id).swarms.add(swarm);
  }

  private void leave(String id, String swarm) {
    ConnectOutcome outcome = apply(connect(id).additive().leave(swarm).at(nowMs));

    boolean joined = isJoined(id, swarm);
    assertEquals(joined, outcome instanceof ConnectOutcome.Granted);
    if (joined) {
      TwinPeer peer = touch(id);
      peer.swarms.remove(swarm);
      if (peer.swarms.isEmpty()) {
        twin.remove(id);
      }
    }
  }

  private void find(String id, String swarm) {
    boolean allowed =
        apply(new PeerCommand.Find(id, new SwarmKey(swarm), true, Origin.UNKNOWN, nowMs)).allowed();

    assertEquals(isJoined(id, swarm), allowed);
    if (allowed) {
      touch(id).tracking = true;
    }
  }

  private void report(String id, String swarm) {
    List<SwarmKey> swarms = List.of(new SwarmKey(swarm), new SwarmKey("elsewhere"));
    boolean allowed = apply(new PeerCommand.Report(id, swarms, Origin.UNKNOWN, nowMs)).allowed();

    assertEquals(isJoined(id, swarm), allowed);
    if (allowed) {
      touch(id).tracking = true;
    }
  }

  private void keepAlive(String id) {
    boolean allowed = apply(new PeerCommand.Report(id, List.of(), Origin.UNKNOWN, nowMs)).allowed();

    assertEquals(twin.containsKey(id), allowed);
    if (allowed) {
      touch(id).tracking = true;
    }
  }

  private void track(String id) {
    boolean known = apply(new PeerCommand.Track(id, nowMs));

    assertEquals(twin.containsKey(id), known);
    if (known) {
      touch(id).tracking = true;
    }
  }

  private void expire(int maximum) {
    List<Departure> departures = shard.expire(nowMs, maximum, TIMERS, budget);

    List<String> due = new ArrayList<>(dueIn(false, TIMERS.initMs()));
    due.addAll(dueIn(true, TIMERS.trackMs()));
    List<String> expected = due.subList(0, Math.min(maximum, due.size()));
    assertEquals(expected, departures.stream().map(Departure::peerId).toList());
    for (Departure departure : departures) {
      TwinPeer peer = twin.remove(departure.peerId());
      assertEquals(
          peer.swarms, departure.swarms().stream().map(SwarmKey::swarmId).collect(toSet()));
    }
    assertEquals(departures, shard.forget(departures));
    departed += departures.size();
  }

  private List<String> dueIn(boolean tracking, long timerMs) {
    return twin.entrySet().stream()
        .filter(peer -> peer.getValue().tracking == tracking)
        .filter(peer -> nowMs - peer.getValue().lastSeenMs >= timerMs)
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean isJoined(String id, String swarm) {
    TwinPeer peer = twin.get(id);
    return peer != null && peer.swarms.contains(swarm);
  }

  private TwinPeer touch(String id) {
    TwinPeer present = twin.remove(id);
    TwinPeer peer = present == null ? new TwinPeer() : present;
    peer.lastSeenMs = nowMs;
    twin.put(id, peer);
    return peer;
  }

  private void assertRegistered(String id, TwinPeer peer) {
    RegistrationView view = apply(new PeerCommand.Look(id)).orElseThrow();
    assertEquals(peer.tracking ? PeerState.TRACKING : PeerState.PEER_REGISTERED, view.state());
    assertEquals(peer.lastSeenMs, view.lastSeenMs());
    assertEquals(
        peer.swarms, view.memberships().keySet().stream().map(SwarmKey::swarmId).collect(toSet()));
  }

  private <R> R apply(PeerCommand<R> command) {
    return command.apply(shard, budget);
  }
}
