package io.ppstp.tracker.store.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.hazelcast.ListQueue.Batch;
import io.ppstp.tracker.store.hazelcast.ListQueue.Item;
import io.ppstp.tracker.store.hazelcast.ShardUpdates.PendingUpdate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In what order and in which batches one shard of swarms takes in what is noted. */
class ListQueueTest {
  private static final SwarmKey S = new SwarmKey("s");
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(150);

  private long nowNs = 42;
  private final ListQueue queue = new ListQueue(INTERVAL_NS, nowNs);

  private PendingUpdate add(String peerId, long stamp) {
    ListUpdate update =
        new ListUpdate(
            peerId,
            stamp,
            List.of(new ListUpdate.Join(S, PeerMode.LEECH)),
            Listing.NONE,
            PeerNum.NOTHING,
            List.of(),
            null);
    PendingUpdate pending = new PendingUpdate(0, update, nowNs);
    update.forEach((swarm, change) -> queue.add(new Item(pending, swarm, change)));
    return pending;
  }

  private void passMs(long millis) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private Batch taken() {
    return Objects.requireNonNull(queue.take(nowNs));
  }

  private static List<Long> stamps(Batch batch) {
    return batch.items().stream().map(item -> item.change().stamp()).toList();
  }

  @Test
  void theFirstGoesAtOnceAndWhatComesMeanwhileTogether() {
    add("a", 1);
    Batch first = taken();
    assertEquals(List.of(1L), stamps(first));

    add("b", 2);
    passMs(1000);
    add("c", 3);
    assertNull(queue.take(nowNs), "one is under way");

    queue.settle(first, List.of(), nowNs);
    assertEquals(List.of(2L, 3L), stamps(taken()));
  }

  @Test
  void whatComesSoonAfterABatchWaitsForMore() {
    add("a", 1);
    queue.settle(taken(), List.of(), nowNs);
    passMs(1);
    add("b", 2);
    assertNull(queue.take(nowNs));

    passMs(TimeUnit.NANOSECONDS.toMillis(INTERVAL_NS));
    assertEquals(List.of(2L), stamps(taken()));
  }

  @Test
  void whatFailedOrWasRefusedGoesAgainBeforeAllElse() {
    add("a", 1);
    add("b", 2);
    Batch failed = taken();
    add("c", 3);
    queue.failed(failed, nowNs);
    assertNull(queue.take(nowNs), "not at once");

    passMs(500);
    Batch again = taken();
    assertEquals(List.of(1L, 2L, 3L), stamps(again));
    List<Item> done = queue.settle(again, List.of(1), nowNs);
    assertEquals(List.of(1L, 3L), done.stream().map(item -> item.change().stamp()).toList());

    passMs(500);
    assertEquals(List.of(2L), stamps(taken()));
  }

  @Test
  void aFullBatchIsFollowedByTheNextAtOnce() {
    for (int i = 0; i < 1000; i++) {
      add("p" + i, i);
    }
    Batch first = taken();
    queue.settle(first, List.of(), nowNs);
    Batch second = taken();

    assertEquals(1000, first.items().size() + second.items().size());
    assertEquals(999L, stamps(second).get(second.items().size() - 1));
  }

  @Test
  void whatIsAnotherNodesAffairIsLeft() {
    add("a", 1).drop();
    add("b", 2);

    assertEquals(List.of(2L), stamps(taken()));
    assertEquals(1, queue.size());
  }

  @Test
  void statementsGoWithTheNextBatchOrInAWhile() {
    queue.add(S, new Statement("a", null, new StreamStats("s", 1, 2, 3, 4)));
    queue.add(S, new Statement("a", null, new StreamStats("s", 5, 6, 7, 8)));
    assertNull(queue.take(nowNs), "nobody is in a hurry");
    add("b", 1);
    Batch batch = taken();
    assertEquals(1, batch.change().statements().size());
    assertEquals(
        5L,
        Objects.requireNonNull(batch.change().statements().get(0).what().stats()).uploadedBytes());
    queue.settle(batch, List.of(), nowNs);

    queue.add(S, new Statement("a", PeerNum.NOTHING, null));
    passMs(6000);
    assertNotNull(queue.take(nowNs));
  }

  private static StreamStats sent(long bytes) {
    return new StreamStats("s", bytes, 0, 0, 0);
  }

  private static List<Long> uploaded(Batch batch) {
    return batch.change().statements().stream()
        .map(one -> Objects.requireNonNull(one.what().stats()).uploadedBytes())
        .toList();
  }

  /** Nodes are not equally fast: a report may overtake the JOIN before it. */
  @Test
  void theReportOfWhoHasNotComeYetGoesAgain() {
    queue.add(S, new Statement("a", null, sent(1)));
    queue.add(S, new Statement("b", null, sent(2)));
    add("c", 1);
    Batch first = taken();
    assertEquals(1, queue.settle(first, List.of(1), nowNs).size(), "the change was made");
    add("d", 1);
    passMs(500);
    Batch meanwhile = taken();
    assertEquals(List.of(), uploaded(meanwhile), "not at once");
    queue.settle(meanwhile, List.of(), nowNs);
    passMs(6000);
    Batch again = taken();
    assertEquals(List.of(1L), uploaded(again));

    queue.settle(again, List.of(0), nowNs);
    queue.add(S, new Statement("a", null, sent(3)));
    passMs(6000);
    assertEquals(List.of(3L), uploaded(taken()), "what was reported since counts all of it");
  }

  @Test
  void itDoesNotGoForEver() {
    queue.add(S, new Statement("a", null, sent(1)));
    int times = 0;
    for (int i = 0; i < 100; i++) {
      passMs(1000);
      Batch batch = queue.take(nowNs);
      if (batch != null) {
        times++;
        queue.settle(batch, List.of(0), nowNs);
      }
    }
    assertEquals(10, times);
  }

  @Test
  void statementsOfABatchThatFailedGoAgainToo() {
    queue.add(S, new Statement("a", null, sent(1)));
    queue.add(S, new Statement("b", null, sent(2)));
    add("c", 1);
    Batch failed = taken();
    queue.add(S, new Statement("a", null, sent(3)));
    queue.failed(failed, nowNs);
    passMs(6000);

    assertEquals(List.of(3L, 2L), uploaded(taken()));
  }

  @Test
  void itSaysHowMuchWaitsAndSinceWhen() {
    assertEquals(nowNs, queue.oldestNs(nowNs));
    long sinceNs = nowNs;
    add("a", 1);
    passMs(30);
    add("b", 2);

    assertEquals(2, queue.size());
    assertEquals(sinceNs, queue.oldestNs(nowNs));
    queue.settle(taken(), List.of(), nowNs);
    assertEquals(0, queue.size());
  }
}
