package io.ppstp.tracker.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.InterceptingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What was executed while the peer was told of a failure is told once, by the node it was at. */
class UntoldConnectsTest {
  private static final Requester FROM =
      new Requester(Objects.requireNonNull(IpAddress.parse("203.0.113.5")), 40_000);

  private final LocalStore store = new LocalStore(100);
  private final AtomicLong seeds = new AtomicLong();
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final long beginMs = clock.millis();
  private final Node here = new Node();
  private final Node there = new Node();

  /** One of two nodes that share a store. */
  private final class Node {
    private final List<TrackerEvent> events = new ArrayList<>();
    private final LossyStore lossy = new LossyStore(store);
    private final SwarmManager manager =
        new SwarmManager(
            lossy,
            new ModelScenario(
                    "additive",
                    true,
                    true,
                    false,
                    100,
                    9,
                    20,
                    29,
                    1000,
                    false,
                    new AddressRules(false, false, 0),
                    false,
                    1,
                    1)
                .rules(),
            clock,
            new SwarmServices(
                events::add, ignored -> {}, (reason, count) -> {}, seeds::incrementAndGet));

    boolean succeeds(Request request) {
      return manager.handle(request, FROM).toCompletableFuture().join().code().isSuccess();
    }

    /** Has a request executed, and its answer lost on the way from the store. */
    void loses(Request request) {
      lossy.loses = true;
      assertFalse(succeeds(request));
      lossy.loses = false;
    }
  }

  private static final class LossyStore extends InterceptingStore {
    private boolean loses;

    LossyStore(TrackerStore store) {
      super(store);
    }

    @Override
    protected <R> CompletionStage<R> pass(Supplier<CompletionStage<R>> operation) {
      CompletionStage<R> result = operation.get();
      return loses
          ? CompletableFuture.failedStage(new StoreUnavailableException("the answer is lost"))
          : result;
    }
  }

  private static Request.Connect joins(String id, String swarm) {
    SwarmAction join = new SwarmAction(swarm, Action.JOIN, PeerMode.LEECH);
    return new Request.Connect(id, "p", id.hashCode(), null, List.of(), List.of(join));
  }

  private List<TrackerEvent> registeredAndJoined(long atMs) {
    return List.of(
        new TrackerEvent.Registered(atMs, "p"),
        new TrackerEvent.Joined(atMs, "p", "a", PeerMode.LEECH));
  }

  private void waitAndTell(int seconds) {
    clock.advance(1000L * seconds);
    here.manager.tellUntold();
    there.manager.tellUntold();
  }

  @Test
  void whoRepeatsItAtAnotherNodeIsToldOfOnce() {
    here.loses(joins("1", "a"));
    assertTrue(there.succeeds(joins("1", "a")));
    waitAndTell(1);
    assertEquals(List.of(), here.events, "it may be repeated here");
    for (int i = 0; i < 5; i++) {
      waitAndTell(3);
    }
    assertEquals(registeredAndJoined(beginMs), here.events);
    assertEquals(List.of(), there.events);
    assertTrue(here.succeeds(joins("1", "a")));
    assertEquals(2, here.events.size());
  }

  @Test
  void whoRepeatsItAtTheSameNodeIsToldOfOnce() {
    here.loses(joins("1", "a"));
    clock.advance(1000);
    assertTrue(here.succeeds(joins("1", "a")));
    assertEquals(registeredAndJoined(beginMs + 1000), here.events);
    waitAndTell(5);
    assertEquals(2, here.events.size());
  }

  @Test
  void whoDoesNotRepeatItIsToldOfToo() {
    here.loses(joins("1", "a"));
    waitAndTell(5);
    assertEquals(registeredAndJoined(beginMs), here.events);
  }

  /** The store is asked again while it cannot answer. */
  @Test
  void whatCannotBeAskedAtOnceIsToldLater() {
    here.loses(joins("1", "a"));
    here.lossy.loses = true;
    waitAndTell(3);
    here.lossy.loses = false;
    assertEquals(List.of(), here.events);
    waitAndTell(3);
    assertEquals(registeredAndJoined(beginMs), here.events);
  }

  @Test
  void whatHasHappenedSinceIsNotToldBeforeIt() {
    here.loses(joins("1", "a"));
    assertTrue(there.succeeds(joins("2", "b")));
    waitAndTell(5);
    assertEquals(List.of(), here.events, "the order would be wrong");
    assertEquals(List.of(new TrackerEvent.Joined(beginMs, "p", "b", PeerMode.LEECH)), there.events);
  }
}
