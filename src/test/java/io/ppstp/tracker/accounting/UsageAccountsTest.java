package io.ppstp.tracker.accounting;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.Accounted;
import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.LiveHeap;
import io.ppstp.tracker.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** Records of what peers use of swarms, for whoever bills. */
class UsageAccountsTest {
  private static final long INTERVAL_MS = 60_000;
  private static final long SILENCE_MS = 180_000;
  private static final long HEAP = 1L << 30;

  private final UsageAccounts accounts =
      new UsageAccounts(Duration.ofMinutes(1), Duration.ofMinutes(3), HEAP);
  private final Told told = new Told();
  private final EventSink sink = accounts.before(told);
  private final Requester alice = requester("192.0.2.1");
  private final Requester bob = requester("192.0.2.2");

  private static Requester requester(String ip) {
    return new Requester(requireNonNull(IpAddress.parse(ip)), 7);
  }

  /** What was handed on. */
  private static final class Told implements EventSink {
    private final List<TrackerEvent> events = new ArrayList<>();
    private final List<String> records = new ArrayList<>();

    @Override
    public void publish(TrackerEvent event) {
      note(event, "nobody");
    }

    @Override
    public void publish(TrackerEvent event, Requester sender) {
      note(event, sender.ip().toString());
    }

    private void note(TrackerEvent event, String sender) {
      events.add(event);
      if (event instanceof Accounted it) {
        records.add(
            String.format(
                Locale.ROOT,
                "%s %s until %d: %d ms, %d requests, %d bytes, %s%s",
                it.peerId(),
                it.swarmId(),
                it.atMs(),
                it.watchedMs(),
                it.requests(),
                it.stats().downloadedBytes(),
                sender,
                it.last() ? ", final" : ""));
      }
    }

    List<String> take() {
      List<String> taken = List.copyOf(records);
      records.clear();
      return taken;
    }
  }

  private void joins(String peer, String swarm, long atMs) {
    sink.publish(new TrackerEvent.Joined(atMs, peer, swarm, PeerMode.LEECH), alice);
  }

  private void reports(String peer, String swarm, long bytes, long atMs) {
    StreamStats stats = new StreamStats(swarm, 0, bytes, 0, 0);
    sink.publish(new TrackerEvent.Reported(atMs, peer, stats, null), alice);
  }

  @Test
  void aMembershipIsToldInPartsThatAddUp() {
    joins("p", "news", 1000);
    accounts.tick(1000 + INTERVAL_MS - 1, told);
    assertEquals(List.of(), told.take());
    sink.heard("p", "news", bob, 31_000);
    reports("p", "news", 500, 51_000);
    accounts.tick(1000 + INTERVAL_MS, told);
    assertEquals(
        List.of("p news until 51000: 50000 ms, 3 requests, 500 bytes, 192.0.2.1"), told.take());
    accounts.tick(1000 + 2 * INTERVAL_MS, told);
    assertEquals(List.of(), told.take(), "nothing new");

    sink.heard("p", "news", bob, 150_000);
    sink.publish(
        new TrackerEvent.Left(201_000, "p", "news", false, LeaveReason.LEFT, 200_000), bob);
    assertEquals(
        List.of("p news until 201000: 150000 ms, 2 requests, 500 bytes, 192.0.2.2, final"),
        told.take());
    assertTrue(told.events.get(told.events.size() - 2) instanceof TrackerEvent.Left, "before it");
    accounts.tick(1_000_000, told);
    assertEquals(List.of(), told.take());
  }

  @Test
  void whoSwitchesHasTwoAccountsAndWhoChangesItsModeOne() {
    joins("p", "news", 0);
    sink.publish(new TrackerEvent.Switched(10, "p", "news", "films", PeerMode.LEECH, 10), bob);
    sink.publish(new TrackerEvent.Left(30, "p", "films", true, LeaveReason.NEW_MODE, 20), bob);
    sink.publish(new TrackerEvent.Joined(30, "p", "films", PeerMode.SEEDER), bob);
    sink.publish(new TrackerEvent.Left(70, "p", "films", true, LeaveReason.LEFT, 40), bob);
    assertEquals(
        List.of(
            "p news until 10: 10 ms, 2 requests, -1 bytes, 192.0.2.2, final",
            "p films until 70: 60 ms, 3 requests, -1 bytes, 192.0.2.2, final"),
        told.take());
  }

  /** Its last request was one that concerns no swarm. */
  @Test
  void whoFallsSilentIsAccountedForUntilItWasHeardOfLast() {
    joins("p", "news", 1000);
    reports("p", "news", 5, 2000);
    sink.publish(
        new TrackerEvent.Expired(
            9000,
            "p",
            List.of(new Ended(new SwarmKey("news"), 3000), new Ended(new SwarmKey("other"), 7))));
    assertEquals(
        List.of("p news until 4000: 3000 ms, 2 requests, 5 bytes, 192.0.2.1, final"), told.take());
  }

  @Test
  void whoseEndIsToldElsewhereIsForgotten() {
    joins("p", "news", 0);
    joins("q", "news", 0);
    for (long atMs = INTERVAL_MS; atMs <= SILENCE_MS + INTERVAL_MS; atMs += INTERVAL_MS) {
      sink.heard("q", "news", alice, atMs);
      accounts.tick(atMs, told);
    }
    long records = told.take().stream().filter(it -> it.startsWith("p ")).count();
    assertEquals(1, records);
    long lateMs = SILENCE_MS + 2 * INTERVAL_MS;
    for (String peer : List.of("p", "q")) {
      sink.publish(
          new TrackerEvent.Left(lateMs, peer, "news", false, LeaveReason.LEFT, lateMs), alice);
    }
    assertEquals(1, told.take().size(), "of q only");

    joins("r", "news", 0);
    joins("r", "news", 50);
    assertEquals(
        List.of("r news until 0: 0 ms, 1 requests, -1 bytes, 192.0.2.1"),
        told.take(),
        "it left at another node in between");
  }

  /** Whatever comes in whatever order, requests and times add up to what was. */
  @Test
  void recordsOfManyAddUp() {
    SplittableRandom random = Seeds.random();
    UsageAccounts patient = new UsageAccounts(Duration.ofMinutes(1), Duration.ofDays(1), HEAP);
    EventSink all = patient.before(told);
    Map<String, Long> beginnings = new HashMap<>();
    Map<String, Long> requests = new HashMap<>();
    Map<String, Long> watched = new HashMap<>();
    long nowMs = 0;
    for (int step = 0; step < 20_000; step++) {
      nowMs += random.nextInt(2000);
      String peer = "p" + random.nextInt(50);
      Long beginMs = beginnings.get(peer);
      if (beginMs == null) {
        all.publish(new TrackerEvent.Joined(nowMs, peer, "s", PeerMode.LEECH), alice);
        beginnings.put(peer, nowMs);
      } else if (random.nextInt(10) == 0) {
        long lastedMs = nowMs - beginMs;
        beginnings.remove(peer);
        all.publish(
            new TrackerEvent.Left(nowMs, peer, "s", false, LeaveReason.LEFT, lastedMs), alice);
        watched.merge(peer, lastedMs, Long::sum);
      } else {
        all.heard(peer, "s", alice, nowMs);
      }
      requests.merge(peer, 1L, Long::sum);
      patient.tick(nowMs, told);
    }
    beginnings.forEach(
        (peer, beginMs) ->
            all.publish(
                new TrackerEvent.Expired(1, peer, List.of(new Ended(new SwarmKey("s"), 0)))));
    Map<String, Long> recorded = new HashMap<>();
    Map<String, Long> open = new HashMap<>();
    Map<String, Long> ended = new HashMap<>();
    boolean hasLeft = false;
    for (TrackerEvent event : told.events) {
      if (event instanceof Accounted it) {
        recorded.merge(it.peerId(), it.requests(), Long::sum);
        long sum = open.merge(it.peerId(), it.watchedMs(), Long::sum);
        if (it.last() && hasLeft) {
          ended.merge(it.peerId(), sum, Long::sum);
        }
        if (it.last()) {
          open.remove(it.peerId());
        }
      }
      hasLeft = event instanceof TrackerEvent.Left;
    }
    assertEquals(requests, recorded);
    assertEquals(watched, ended);
  }

  @Test
  void ofMorePeersThanFitThatWhichIsDueNextHasItsRecordEarly() throws JMException {
    UsageAccounts few = new UsageAccounts(Duration.ofMinutes(1), Duration.ofMinutes(3), HEAP / 4);
    Told early = new Told();
    EventSink crowd = few.before(early);
    LiveHeap before = LiveHeap.now();
    int peers = 30_000;
    for (int i = 0; i < peers; i++) {
      Requester sender = requester("192.0.2." + i % 250);
      String swarm = "swarm-of-forty-characters-that-is-usual-" + i % 100;
      crowd.publish(
          new TrackerEvent.Joined(i, "%040d".formatted(i), swarm, PeerMode.LEECH), sender);
    }
    int kept = peers - early.take().size();
    early.events.clear();
    LiveHeap after = LiveHeap.now();
    double each = (after.bytes() - before.bytes()) / (double) kept;
    System.out.printf(Locale.ROOT, "%d accounts of %.1f bytes each%n", kept, each);
    assertTrue(kept > 10_000 && kept < 20_000, () -> kept + " kept");
    assertTrue(each * kept <= HEAP / 4 / 32, () -> each + " bytes each");
    few.tick(peers + INTERVAL_MS, early);
    assertEquals(5000, early.take().size(), "at once");
    few.tick(peers + INTERVAL_MS, early);
    few.tick(peers + INTERVAL_MS, early);
    few.tick(peers + INTERVAL_MS, early);
    assertEquals(kept - 5000, early.take().size());
  }
}
