package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.store.hazelcast.ShardUpdates.PendingUpdate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one shard of swarms is still to take in: changes of members, in the order in which they were
 * noted, and statements. One batch is under way at a time, so that hot channels batch themselves
 * and no change overtakes another. Thread-safe.
 */
final class ListQueue {
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Statements wait so long for a batch that goes anyway. */
  private static final long STATEMENT_GAP_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int MOST_CHANGES = 512;
  private static final int MOST_STATEMENTS = 512;

  /** Statements beyond are not kept: their peers will state them again. */
  private static final int MOST_STATEMENTS_WAITING = 4096;

  private final Deque<Item> waiting = new ArrayDeque<>();
  private final Map<StatedBy, Statement> statements = new LinkedHashMap<>();
  private final long intervalNs;
  private @Nullable Batch underWay;
  private long notBeforeNs;
  private long statementsNotBeforeNs;

  /** A change of one member of one swarm, as part of an update. */
  record Item(PendingUpdate update, SwarmKey swarm, MemberChange change) {}

  private record StatedBy(SwarmKey swarm, String peerId) {}

  /** What travels together. */
  record Batch(List<Item> items, SwarmChange change) {}

  /**
   * Makes an empty queue.
   *
   * @param intervalNs what comes sooner than that after the batch before waits for more to come
   */
  ListQueue(long intervalNs, long nowNs) {
    this.intervalNs = intervalNs;
    notBeforeNs = nowNs;
    statementsNotBeforeNs = nowNs + STATEMENT_GAP_NS;
  }

  synchronized void add(Item item) {
    waiting.add(item);
  }

  synchronized void add(SwarmKey swarm, Statement statement) {
    StatedBy by = new StatedBy(swarm, statement.peerId());
    Statement earlier = statements.get(by);
    if (earlier != null) {
      statements.put(by, statement.after(earlier));
    } else if (statements.size() < MOST_STATEMENTS_WAITING) {
      statements.put(by, statement);
    }
  }

  /** Returns the next batch if one is to go now, else null. It is under way until it is settled. */
  synchronized @Nullable Batch take(long nowNs) {
    if (underWay != null || notBeforeNs - nowNs > 0) {
      return null;
    }
    waiting.removeIf(item -> item.update().isDropped());
    boolean statementsDue = !statements.isEmpty() && statementsNotBeforeNs - nowNs <= 0;
    if (waiting.isEmpty() && !statementsDue) {
      return null;
    }
    List<Item> items = new ArrayList<>(Math.min(waiting.size(), MOST_CHANGES));
    List<SwarmChange.Of<MemberChange>> members = new ArrayList<>(items.size());
    while (items.size() < MOST_CHANGES && !waiting.isEmpty()) {
      Item item = waiting.remove();
      items.add(item);
      members.add(new SwarmChange.Of<>(item.swarm(), item.change()));
    }
    Batch batch = new Batch(items, new SwarmChange(members, takeStatements()));
    boolean more = !waiting.isEmpty() || statements.size() >= MOST_STATEMENTS;
    notBeforeNs = more ? nowNs : nowNs + intervalNs;
    statementsNotBeforeNs = nowNs + STATEMENT_GAP_NS;
    underWay = batch;
    return batch;
  }

  private List<SwarmChange.Of<Statement>> takeStatements() {
    List<SwarmChange.Of<Statement>> taken =
        new ArrayList<>(Math.min(statements.size(), MOST_STATEMENTS));
    Iterator<Map.Entry<StatedBy, Statement>> all = statements.entrySet().iterator();
    while (taken.size() < MOST_STATEMENTS && all.hasNext()) {
      Map.Entry<StatedBy, Statement> one = all.next();
      taken.add(new SwarmChange.Of<>(one.getKey().swarm(), one.getValue()));
      all.remove();
    }
    return taken;
  }

  /** Ends a batch of which the changes in some places were refused: they go first next time. */
  synchronized List<Item> settle(Batch batch, List<Integer> refused, long nowNs) {
    underWay = null;
    if (refused.isEmpty()) {
      return batch.items();
    }
    Set<Integer> again = new HashSet<>(refused);
    List<Item> done = new ArrayList<>(batch.items().size());
    List<Item> undone = new ArrayList<>(refused.size());
    for (int i = 0; i < batch.items().size(); i++) {
      (again.contains(i) ? undone : done).add(batch.items().get(i));
    }
    repeat(undone, nowNs);
    return done;
  }

  /** Ends a batch of which nobody knows whether it was applied: it goes again. */
  synchronized void failed(Batch batch, long nowNs) {
    underWay = null;
    repeat(batch.items(), nowNs);
  }

  private void repeat(List<Item> items, long nowNs) {
    for (int i = items.size() - 1; i >= 0; i--) {
      waiting.addFirst(items.get(i));
    }
    notBeforeNs = nowNs + RETRY_NS;
  }

  /** Returns how many changes are not known to be in the list. */
  synchronized int size() {
    return waiting.size() + (underWay == null ? 0 : underWay.items().size());
  }

  /** Returns since when the oldest change waits; {@code nowNs} if none does. */
  synchronized long oldestNs(long nowNs) {
    if (underWay != null && !underWay.items().isEmpty()) {
      return underWay.items().get(0).update().sinceNs();
    }
    Item first = waiting.peek();
    return first == null ? nowNs : first.update().sinceNs();
  }
}
