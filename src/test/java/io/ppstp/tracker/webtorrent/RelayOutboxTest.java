package io.ppstp.tracker.webtorrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.Relay;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.SocketNumbers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Relays travel together, within bounds. */
class RelayOutboxTest {
  private static final long HERE = 1;
  private static final long THERE = 2;
  private static final String SDP = "x".repeat(8 << 10);

  private final Deque<Runnable> turns = new ArrayDeque<>();
  private final List<String> sent = new ArrayList<>();
  private final List<CompletableFuture<Boolean>> underWay = new ArrayList<>();
  private final RoomCounts counts = new RoomCounts(1);
  private final RelayOutbox outbox =
      new RelayOutbox(
          HERE,
          new RelayOutbox.Carrier() {
            @Override
            public void here(int instance, RelayBatch batch) {
              sent.add("here " + instance + " " + batch.relays().size());
            }

            @Override
            public CompletionStage<Boolean> there(long node, int instance, RelayBatch batch) {
              sent.add(node + " " + instance + " " + batch.relays().size());
              underWay.add(new CompletableFuture<>());
              return underWay.get(underWay.size() - 1);
            }
          },
          turns::add,
          counts);

  private void add(long node, int instance) {
    long socket = SocketNumbers.of(instance, 1);
    outbox.add(node, new Relay.OfferRelay(socket, 1, "hash", "peer", "token", SDP), 0);
  }

  private void addAnswer(long node, int instance) {
    long socket = SocketNumbers.of(instance, 1);
    outbox.add(node, new Relay.AnswerRelay(socket, 1, 1, "hash", "peer", SDP), 0);
  }

  private boolean isReachable(long node, int instance, long nowNs) {
    return outbox.isReachable(node, SocketNumbers.of(instance, 1), nowNs);
  }

  private void turn() {
    for (int left = turns.size(); left > 0; left--) {
      turns.remove().run();
    }
  }

  @Test
  void whatOneTurnBringsGoesTogether() {
    for (int i = 0; i < 6; i++) {
      add(i < 3 ? HERE : THERE, i % 2);
    }
    assertEquals(List.of(), sent);
    turn();
    assertEquals(List.of("here 0 2", "here 1 1", "2 1 2", "2 0 1"), sent);
  }

  @Test
  void whatIsTooMuchForANodeIsDroppedUntilSomeHasArrived() {
    int most = RelayOutbox.MOST_BYTES / (SDP.length() + Relay.AROUND_SDP);
    for (int i = 0; i < most + 10; i++) {
      add(THERE, 0);
    }
    assertEquals(10, counts.of(Dropped.SLOW_NODE));
    add(HERE, 0);
    turn();
    assertEquals(List.of("2 0 " + most, "here 0 1"), sent);
    underWay.get(0).complete(true);
    turn();
    add(THERE, 0);
    turn();
    assertEquals(10, counts.of(Dropped.SLOW_NODE));
    assertEquals("2 0 1", sent.get(2));
  }

  @Test
  void anInstanceThatIsLostGetsNothingForAWhile() {
    add(THERE, 0);
    turn();
    assertTrue(isReachable(THERE, 0, 1));
    underWay.get(0).completeExceptionally(new IllegalStateException("refused"));
    turn();
    assertFalse(isReachable(THERE, 0, 1));
    add(THERE, 0);
    turn();
    assertEquals(2, counts.of(Dropped.LOST_NODE));
    assertEquals(1, sent.size());
    assertTrue(isReachable(THERE, 0, RelayOutbox.SHUN_NS));
    assertTrue(isReachable(THERE, 1, 1));
    assertTrue(isReachable(3, 0, 1));
  }

  /** Who answers brings a token, and may make up where it leads. */
  @Test
  void aMadeUpAnswerKeepsNothingFromItsNode() {
    addAnswer(THERE, 63);
    addAnswer(THERE, 0);
    turn();
    for (CompletableFuture<Boolean> each : List.copyOf(underWay)) {
      each.completeExceptionally(new IllegalStateException("refused"));
    }
    turn();
    assertEquals(2, counts.of(Dropped.LOST_NODE));
    add(THERE, 0);
    add(THERE, 63);
    turn();
    assertEquals(List.of("2 63 1", "2 0 1", "2 0 1", "2 63 1"), sent);
  }

  private void addUnknown(long nowNs) {
    long socket = SocketNumbers.of(0, 1);
    outbox.add(THERE, new Relay.OfferRelay(socket, 1, "hash", "peer", "token", SDP), nowNs);
    turn();
    underWay.get(underWay.size() - 1).complete(false);
    turn();
  }

  private boolean isGone(long nowNs) {
    return outbox.isGone(THERE, SocketNumbers.of(0, 1), nowNs);
  }

  @Test
  void anInstanceThatTheClusterDoesNotKnowTwiceIsGoneUntilItIsHeardOf() {
    addUnknown(0);
    assertFalse(isReachable(THERE, 0, RelayOutbox.RETRY_NS - 1));
    assertFalse(isGone(1));
    assertTrue(isReachable(THERE, 0, RelayOutbox.RETRY_NS));
    addUnknown(RelayOutbox.RETRY_NS);
    long last = RelayOutbox.RETRY_NS + RelayOutbox.GONE_NS;
    assertTrue(isGone(RelayOutbox.RETRY_NS + 1) && isGone(last - 1));
    assertFalse(isGone(last), "it may have come back, unheard");
    addUnknown(last);
    assertTrue(isGone(last + 1));
    outbox.heardFrom(THERE);
    assertFalse(isGone(last + 1));
    assertTrue(isReachable(THERE, 0, last + 1));
  }

  @Test
  void whoCannotBeReachedIsNotGone() {
    for (long nowNs = 0; nowNs < 3 * RelayOutbox.SHUN_NS; nowNs += RelayOutbox.SHUN_NS) {
      long socket = SocketNumbers.of(0, 1);
      outbox.add(THERE, new Relay.OfferRelay(socket, 1, "hash", "peer", "token", SDP), nowNs);
      turn();
      underWay.get(underWay.size() - 1).completeExceptionally(new IllegalStateException("no"));
      turn();
      assertFalse(isGone(nowNs + 1));
    }
  }
}
