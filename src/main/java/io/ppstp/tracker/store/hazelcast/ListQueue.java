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

  /** A report that was faster than the JOIN before it waits so long before it goes again. */
  private static final long STATEMENT_RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  private static final int MOST_STATEMENT_TRIES = 10;

  private final Deque<Item> waiting = new ArrayDeque<>();
  private final Map<StatedBy, Stated> statements = new LinkedHashMap<>();
  private final Map<StatedBy, StatedAgain> statedAgain = new LinkedHashMap<>();
  private final long intervalNs;
  private @Nullable Batch underWay;
  private long notBeforeNs;
  private long statementsNotBeforeNs;

  /** A change of one member of one swarm, as part of an update. */
  record Item(PendingUpdate update, SwarmKey swarm, MemberChange change) {}

  private record StatedBy(SwarmKey swarm, String peerId) {}

  /** A statement that has gone {@code tries} times for nothing. */
  private record Stated(StatedBy by, Statement statement, int tries) {}

  private record StatedAgain(Stated stated, long notBeforeNs) {}

  /** What travels together. */
  static final class Batch {
    private final List<Item> items;
    private final List<Stated> stated;
    private final SwarmChange change;

    private Batch(List<Item> items, List<Stated> stated) {
      this.items = items;
      this.stated = stated;
      List<SwarmChange.Of<MemberChange>> members = new ArrayList<>(items.size());
      items.forEach(item -> members.add(new SwarmChange.Of<>(item.swarm(), item.change())));
      List<SwarmChange.Of<Statement>> statements = new ArrayList<>(stated.size());
      stated.forEach(
          one -> statements.add(new SwarmChange.Of<>(one.by().swarm(), one.statement())));
      this.change = new SwarmChange(members, statements);
    }

    List<Item> items() {
      return items;
    }

    SwarmChange change() {
      return change;
    }
  }

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
    StatedAgain early = statedAgain.remove(by);
    if (early != null) {
      addBefore(early.stated());
    }
    Stated earlier = statements.get(by);
    if (earlier != null || statements.size() < MOST_STATEMENTS_WAITING) {
      Statement all = earlier == null ? statement : statement.after(earlier.statement());
      statements.put(by, new Stated(by, all, 0));
    }
  }

  /** Adds a statement that was made before all that waits. */
  private void addBefore(Stated earlier) {
    Stated later = statements.get(earlier.by());
    if (later != null) {
      Statement all = later.statement().after(earlier.statement());
      statements.put(earlier.by(), new Stated(earlier.by(), all, later.tries()));
    } else if (statements.size() < MOST_STATEMENTS_WAITING) {
      statements.put(earlier.by(), earlier);
    }
  }

  /** Returns the next batch if one is to go now, else null. It is under way until it is settled. */
  synchronized @Nullable Batch take(long nowNs) {
    if (underWay != null || notBeforeNs - nowNs > 0) {
      return null;
    }
    waiting.removeIf(item -> item.update().isDropped());
    takeUpAgain(nowNs);
    boolean statementsDue = !statements.isEmpty() && statementsNotBeforeNs - nowNs <= 0;
    if (waiting.isEmpty() && !statementsDue) {
      return null;
    }
    List<Item> items = new ArrayList<>(Math.min(waiting.size(), MOST_CHANGES));
    while (items.size() < MOST_CHANGES && !waiting.isEmpty()) {
      items.add(waiting.remove());
    }
    Batch batch = new Batch(items, takeStatements());
    boolean more = !waiting.isEmpty() || statements.size() >= MOST_STATEMENTS;
    notBeforeNs = more ? nowNs : nowNs + intervalNs;
    statementsNotBeforeNs = nowNs + STATEMENT_GAP_NS;
    underWay = batch;
    return batch;
  }

  private void takeUpAgain(long nowNs) {
    Iterator<StatedAgain> again = statedAgain.values().iterator();
    while (again.hasNext()) {
      StatedAgain next = again.next();
      if (next.notBeforeNs() - nowNs > 0) {
        return;
      }
      again.remove();
      addBefore(next.stated());
    }
  }

  private List<Stated> takeStatements() {
    List<Stated> taken = new ArrayList<>(Math.min(statements.size(), MOST_STATEMENTS));
    Iterator<Stated> all = statements.values().iterator();
    while (taken.size() < MOST_STATEMENTS && all.hasNext()) {
      taken.add(all.next());
      all.remove();
    }
    return taken;
  }

  /**
   * Ends a batch.
   *
   * @param refused the places of changes that were refused, which go first next time; and, counted
   *     on behind them, of statements of whom the list did not know yet, which go again in a while
   * @return the changes that were made
   */
  synchronized List<Item> settle(Batch batch, List<Integer> refused, long nowNs) {
    underWay = null;
    if (refused.isEmpty()) {
      return batch.items();
    }
    Set<Integer> again = new HashSet<>(refused);
    List<Item> done = new ArrayList<>(batch.items().size());
    List<Item> undone = new ArrayList<>(0);
    for (int i = 0; i < batch.items().size(); i++) {
      (again.contains(i) ? undone : done).add(batch.items().get(i));
    }
    for (int i = 0; i < batch.stated.size(); i++) {
      if (again.contains(batch.items().size() + i)) {
        stateAgain(batch.stated.get(i), nowNs);
      }
    }
    if (!undone.isEmpty()) {
      repeat(undone, nowNs);
    }
    return done;
  }

  private void stateAgain(Stated stated, long nowNs) {
    Stated again = new Stated(stated.by(), stated.statement(), stated.tries() + 1);
    if (statements.containsKey(again.by())) {
      addBefore(again);
    } else if (again.tries() < MOST_STATEMENT_TRIES
        && statedAgain.size() < MOST_STATEMENTS_WAITING) {
      statedAgain.put(again.by(), new StatedAgain(again, nowNs + STATEMENT_RETRY_NS));
    }
  }

  /** Ends a batch of which nobody knows whether it was applied: it goes again. */
  synchronized void failed(Batch batch, long nowNs) {
    underWay = null;
    batch.stated.forEach(this::addBefore);
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
