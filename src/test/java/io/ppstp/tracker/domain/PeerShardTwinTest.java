package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.TRACK_MS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.testing.Seeds;
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
    long lastSeenMs;
    final Set<String> swarms = new TreeSet<>();
  }

  private final SplittableRandom random = Seeds.random();
  private final ShardUnderTest peers = new ShardUnderTest();

  /** In the order in which the peers were last heard of. */
  private final Map<String, TwinPeer> twin = new LinkedHashMap<>();

  private long nowMs = 1_000_000_000;
  private int departed;

  @Test
  void registrationsAreThoseOfTheTwinAfterEveryStep() {
    for (int step = 0; step < STEPS; step++) {
      nowMs += random.nextInt(4) == 0 ? random.nextInt(8_000) : 0;
      step("p" + random.nextInt(PEERS), "s" + random.nextInt(SWARMS));
      assertEquals(twin.size(), peers.shard().size());
      assertEquals(twin.size(), peers.budget.reserved);
      if (step % 10 == 0) {
        twin.forEach(this::assertRegistered);
        strikeOut();
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
      case 6 -> touch(id, nowMs - random.nextInt(3_000));
      default -> expire(random.nextInt(6));
    }
  }

  private void join(String id, String swarm) {
    ConnectOutcome outcome = peers.apply(connect(id).additive().seeder(swarm).at(nowMs));

    boolean known = twin.containsKey(id);
    ConnectOutcome.Granted granted = assertInstanceOf(ConnectOutcome.Granted.class, outcome);
    assertEquals(!known, granted.registered());
    connected(id).swarms.add(swarm);
  }

  private void leave(String id, String swarm) {
    ConnectOutcome outcome = peers.apply(connect(id).additive().leave(swarm).at(nowMs));

    boolean joined = isJoined(id, swarm);
    assertEquals(joined, outcome instanceof ConnectOutcome.Granted);
    if (joined) {
      TwinPeer peer = connected(id);
      peer.swarms.remove(swarm);
      if (peer.swarms.isEmpty()) {
        twin.remove(id);
      }
    }
  }

  private void find(String id, String swarm) {
    boolean allowed = peers.find(id, new SwarmKey(swarm), nowMs);

    assertEquals(isJoined(id, swarm), allowed);
    if (allowed) {
      heard(id, nowMs);
    }
  }

  private void report(String id, String swarm) {
    boolean allowed =
        peers.report(id, nowMs, new SwarmKey(swarm), new SwarmKey("elsewhere")).allowed();

    assertEquals(isJoined(id, swarm), allowed);
    if (allowed) {
      heard(id, nowMs);
    }
  }

  private void keepAlive(String id) {
    boolean allowed = peers.report(id, nowMs).allowed();

    assertEquals(twin.containsKey(id), allowed);
    if (allowed) {
      heard(id, nowMs);
    }
  }

  /** Somebody else has heard of the peer, a while ago. */
  private void touch(String id, long atMs) {
    int known = peers.apply(new PeerCommand.Touch(List.of(new Heard(id, atMs))));

    assertEquals(twin.containsKey(id) ? 1 : 0, known);
    heard(id, atMs);
  }

  /** Puts a peer behind all that were not heard of later. */
  private void heard(String id, long atMs) {
    TwinPeer peer = twin.get(id);
    if (peer == null || atMs <= peer.lastSeenMs) {
      return;
    }
    twin.remove(id);
    peer.lastSeenMs = atMs;
    Map<String, TwinPeer> later = new LinkedHashMap<>();
    twin.forEach(
        (other, its) -> {
          if (its.lastSeenMs > atMs) {
            later.put(other, its);
          }
        });
    twin.keySet().removeAll(later.keySet());
    twin.put(id, peer);
    twin.putAll(later);
  }

  private void expire(int maximum) {
    Heard elsewhere = new Heard("p" + random.nextInt(PEERS), nowMs - random.nextInt(2_000));
    List<Departure> departures = peers.expire(nowMs, maximum, elsewhere);

    heard(elsewhere.peerId(), elsewhere.atMs());
    List<String> due = due();
    List<String> expected = due.subList(0, Math.min(maximum, due.size()));
    assertEquals(expected, departures.stream().map(Departure::peerId).toList());
    for (Departure departure : departures) {
      TwinPeer peer = twin.remove(departure.peerId());
      assertEquals(
          peer.swarms, departure.swarms().stream().map(SwarmKey::swarmId).collect(toSet()));
    }
    departed += departures.size();
  }

  private List<String> due() {
    return twin.entrySet().stream()
        .filter(peer -> nowMs - peer.getValue().lastSeenMs >= TRACK_MS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void strikeOut() {
    peers.apply(
        new PeerCommand.StrikeOut(
            peers.shard().updates().stream().map(ListUpdate::stamp).toList()));
    assertEquals(0, peers.shard().updates().size());
  }

  private boolean isJoined(String id, String swarm) {
    TwinPeer peer = twin.get(id);
    return peer != null && peer.swarms.contains(swarm);
  }

  private TwinPeer connected(String id) {
    TwinPeer present = twin.remove(id);
    TwinPeer peer = present == null ? new TwinPeer() : present;
    peer.lastSeenMs = nowMs;
    twin.put(id, peer);
    return peer;
  }

  private void assertRegistered(String id, TwinPeer peer) {
    RegistrationView view = peers.look(id).orElseThrow();
    assertEquals(peer.lastSeenMs, view.lastSeenMs());
    assertEquals(
        peer.swarms, view.memberships().keySet().stream().map(SwarmKey::swarmId).collect(toSet()));
  }
}
