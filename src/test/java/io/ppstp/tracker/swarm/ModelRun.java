package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.expiry.Expiry;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tracker and its naive twin side by side: both are told the same, then compared whole. */
final class ModelRun {
  private static final long START_MS = 1_790_000_000_000L;
  private static final int REMEMBERED = 20;

  private record Sent(Request request, Requester from) {}

  private final ModelScenario scenario;
  private final long seed;
  private final SplittableRandom random;
  private final FakeClock clock = new FakeClock(START_MS);
  private long lastExpiryMs = START_MS;
  private final EventLedger events = new EventLedger();
  private final TrackerModel model;
  private final RequestGenerator generator;
  private final TrackerStore store;
  private final SwarmManager manager;
  private final Expiry expiry;
  private final AnswerChecker checker = new AnswerChecker();
  private final Map<String, byte[]> lastConnectAnswers = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Deque<String> story = new ArrayDeque<>();
  private int transactionsReused;

  /** What happened in a run; a test of the test looks whether it was enough. */
  final Map<String, Integer> happened = new TreeMap<>();

  ModelRun(ModelScenario scenario, long seed) {
    this.scenario = scenario;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.model = new TrackerModel(scenario);
    this.generator = new RequestGenerator(random.split(), scenario, model);
    this.store = new LocalStore(scenario.maxPeers());
    SplittableRandom draws = random.split();
    this.manager =
        new SwarmManager(
            store,
            scenario.rules(),
            clock,
            new SwarmServices(events, this::countLeniencies, this::countWithheld, draws::nextLong));
    this.expiry = new Expiry(store, ModelScenario.TRACK_MS, clock, events);
  }

  private void countLeniencies(Set<Leniency> needed) {
    assertEquals(Set.of(Leniency.TRANSACTION_REUSED), needed);
    transactionsReused++;
  }

  private void countWithheld(Withheld reason, int addresses) {
    happened.merge("withheld " + reason, addresses, Integer::sum);
  }

  void steps(int count) {
    for (int step = 0; step < count; step++) {
      try {
        step();
        compareState();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            String.format(
                "scenario '%s', seed %d, step %d: %s%nthe last %d steps:%n  %s",
                scenario,
                seed,
                step,
                e.getMessage(),
                story.size(),
                String.join(System.lineSeparator() + "  ", story)),
            e);
      }
    }
  }

  private void step() throws IOException {
    int choice = random.nextInt(100);
    if (choice < 10) {
      // A coarse clock, so that timers are met to the millisecond as well as missed.
      clock.advance(500L * random.nextInt(5));
    } else if (choice < 12) {
      clock.advance(ModelScenario.TRACK_MS - 500L * random.nextInt(3));
    } else if (choice < 16) {
      expire(random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1_000);
    } else if (choice < 30 && !sent.isEmpty()) {
      send(sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 30))));
    } else if (choice < 40 && !sent.isEmpty()) {
      send(sent.get(sent.size() - 1));
    } else if (choice < 60 && !sent.isEmpty()) {
      sendAsOfBefore();
    } else {
      Request request = generator.next();
      send(new Sent(request, generator.requester(request)));
    }
  }

  /** Sends what another node has got a while ago, or one whose clock is behind. */
  private void sendAsOfBefore() throws IOException {
    Request recent = sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 5))).request;
    Request request =
        switch (random.nextInt(4)) {
          case 0 -> recent;
          case 1, 2 -> generator.connect(recent.peerId());
          default -> generator.next();
        };
    // What an expiry has forgotten since is another matter.
    long agoMs = Math.min(500L * random.nextInt(12), clock.millis() - lastExpiryMs);
    clock.advance(-agoMs);
    send(new Sent(request, generator.requester(request)));
    clock.advance(agoMs);
  }

  private void send(Sent message) throws IOException {
    Request request = message.request;
    sent.add(message);
    tell(clock.millis() + " from " + message.from + ": " + request);
    int switchesBefore = events.switches();
    TrackerModel.Outcome outcome = model.handle(request, message.from, clock.millis());
    ExpectedAnswer expected = outcome.answer();
    Answer answer = result(manager.handle(request, message.from));
    count(request.type() + " " + expected.code());
    happened.put("CONNECT too late", model.tooLate);
    happened.put("repeat of an earlier CONNECT", model.repeatsOfEarlierOnes);
    happened.put("replaced", model.replacements);
    checker.check(request, expected, answer);
    if (expected.sameAsLastConnect()) {
      count("repeat answered byte by byte");
      assertArrayEquals(lastConnectAnswers.get(request.peerId()), answer.body(), "a repeat");
    }
    if (request instanceof Request.Connect && expected.code().isSuccess()) {
      if (outcome.repeated()) {
        count("CONNECT repeated");
      } else {
        lastConnectAnswers.put(request.peerId(), answer.body());
      }
    }
    int switches = events.switches() - switchesBefore;
    assertEquals(
        isSwitch(request.peerId(), outcome.events()) ? 1 : 0, switches, "a switch is one event");
    happened.merge("switch of channel", switches, Integer::sum);
    List<TrackerEvent> told = events.take();
    assertEquals(
        outcome.events().stream().sorted().toList(),
        told.stream().map(EventLedger::inWords).sorted().toList());
    told.forEach(event -> assertEquals(clock.millis(), event.atMs()));
    assertEquals(model.transactionsReused, transactionsReused);
    assertEquals(model.unproven, happened.getOrDefault("withheld " + Withheld.UNPROVEN, 0));
    assertEquals(model.relayed, happened.getOrDefault("withheld " + Withheld.RELAYED, 0));
  }

  /** Returns whether events, in words, are of one swarm left and one other joined, and no more. */
  private static boolean isSwitch(String peer, List<String> events) {
    List<String> left = swarms("left " + Pattern.quote(peer) + " (.*) true \\w+ \\d+", events);
    List<String> joined = swarms("joined " + Pattern.quote(peer) + " (.*) (LEECH|SEEDER)", events);
    return left.size() == 1 && joined.size() == 1 && !left.equals(joined);
  }

  private static List<String> swarms(String pattern, List<String> events) {
    return events.stream()
        .map(Pattern.compile(pattern)::matcher)
        .filter(Matcher::matches)
        .map(event -> event.group(1))
        .toList();
  }

  private void expire(int maximum) {
    tell(clock.millis() + " expiry of at most " + maximum);
    lastExpiryMs = clock.millis();
    Set<String> due = model.due(clock.millis());
    int expired = result(expiry.pass(maximum));
    List<TrackerEvent> told = events.take();
    Set<String> gone = new TreeSet<>();
    for (TrackerEvent event : told) {
      TrackerEvent.Expired timeout = assertInstanceOf(TrackerEvent.Expired.class, event);
      Map<String, Long> watched = new TreeMap<>();
      timeout.ended().forEach(it -> watched.put(it.swarm().swarmId(), it.watchedMs()));
      assertEquals(model.watched(event.peerId()), watched, event::toString);
      assertTrue(gone.add(event.peerId()), () -> "expired twice: " + event.peerId());
      assertTrue(due.contains(event.peerId()), () -> "expired too early: " + event.peerId());
    }
    assertEquals(Math.min(maximum, due.size()), gone.size());
    assertEquals(gone.size(), expired);
    happened.merge("expired", expired, Integer::sum);
    model.expire(gone);
  }

  private void compareState() {
    Map<String, Map<String, PeerMode>> memberships = new TreeMap<>();
    long members = 0;
    Set<String> swarms = new TreeSet<>();
    for (int i = 0; i < scenario.peers(); i++) {
      String id = RequestGenerator.peer(i);
      TrackerModel.Peer peer = model.peers.get(id);
      Optional<RegistrationView> view = result(store.ask(id, new PeerQuery.Look(id)));
      assertEquals(peer != null, view.isPresent(), () -> "registered: " + id);
      Map<String, PeerMode> modes = comparePeer(id, peer, view.orElse(null));
      if (peer != null) {
        memberships.put(id, modes);
        members += modes.size();
        swarms.addAll(modes.keySet());
      }
    }
    for (int i = 0; i < scenario.swarms(); i++) {
      compareSwarm(RequestGenerator.swarm(i));
    }
    assertEquals(memberships, new TreeMap<>(events.registered()), "what the events tell");
    assertEquals(
        new TrackerStore.Census(model.peers.size(), swarms.size(), members),
        result(store.census()));
  }

  private static Map<String, PeerMode> comparePeer(
      String id, TrackerModel.@Nullable Peer peer, @Nullable RegistrationView view) {
    Map<String, PeerMode> modes = new TreeMap<>();
    if (peer == null || view == null) {
      return modes;
    }
    peer.joined.forEach((swarm, membership) -> modes.put(swarm, membership.mode));
    Map<String, PeerMode> seen = new TreeMap<>();
    view.memberships().forEach((swarm, mode) -> seen.put(swarm.swarmId(), mode));
    assertEquals(modes, seen, () -> "memberships of " + id);
    assertEquals(peer.connectedAt, view.connectedAtMs(), id);
    assertEquals(peer.lastSeen, view.lastSeenMs(), () -> "last heard of " + id);
    assertEquals(peer.addresses, view.addresses().all(), id);
    return modes;
  }

  private void compareSwarm(String swarm) {
    Map<String, TrackerModel.Membership> members = model.membersOf(swarm);
    for (int i = 0; i < scenario.peers(); i++) {
      String id = RequestGenerator.peer(i);
      TrackerModel.Membership expected = members.get(id);
      SwarmKey key = new SwarmKey(swarm);
      Member member = result(store.ask(key, new SwarmQuery.Look(key, id))).orElse(null);
      assertEquals(expected != null, member != null, () -> id + " is a member of " + swarm);
      TrackerModel.Peer peer = model.peers.get(id);
      if (expected != null && member != null && peer != null) {
        assertEquals(expected.mode, member.mode(), () -> id + " in " + swarm);
        assertEquals(expected.stats, member.stats(), () -> id + " in " + swarm);
        assertEquals(
            expected.status,
            TrackerModel.Status.of(member.status()),
            () -> "status of " + id + " in " + swarm);
        TrackerModel.Told told = model.told(peer);
        assertEquals(
            told.addresses(),
            member.addresses().all(),
            () -> "addresses of " + id + " in " + swarm);
        assertEquals(told.confinedTo(), member.confinedTo(), () -> id + " in " + swarm);
      }
    }
  }

  private void count(String what) {
    happened.merge(what, 1, Integer::sum);
  }

  private void tell(String line) {
    story.addLast(line);
    if (story.size() > REMEMBERED) {
      story.removeFirst();
    }
  }

  /** Everything here happens on the caller's thread, so a stage that is returned is complete. */
  private static <T> T result(CompletionStage<T> stage) {
    assertTrue(stage.toCompletableFuture().isDone(), "completed on the caller's thread");
    return stage.toCompletableFuture().join();
  }
}
