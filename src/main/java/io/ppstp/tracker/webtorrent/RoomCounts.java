package io.ppstp.tracker.webtorrent;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the room of browsers counts, over all its instances on this node. Thread-safe. */
public final class RoomCounts {
  private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);
  private final Map<Dropped, LongAdder> dropped = new EnumMap<>(Dropped.class);

  private final long mostCharacters;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong characters = new AtomicLong();

  /** What is counted. */
  public enum Kind {
    /** Announces that were answered. */
    ANNOUNCES,
    /** Scrapes that were answered. */
    SCRAPES,
    /** Messages that were refused. */
    FAILURES,
    /** Refused messages of a socket with too many of them, which got no answer. */
    UNANSWERED,
    /** Offers for members on this node. */
    OFFERS_HERE,
    /** Offers for members on other nodes. */
    OFFERS_THERE,
    /** Offers that were given to their receivers. */
    OFFERS_DELIVERED,
    /** Answers that were given to who had made the offer. */
    ANSWERS_DELIVERED,
    /** Messages that failed for a fault inside. */
    INTERNAL
  }

  /**
   * Makes counts of nothing.
   *
   * @param mostCharacters of messages that are worked on, at most
   */
  public RoomCounts(long mostCharacters) {
    this.mostCharacters = mostCharacters;
    for (Kind kind : Kind.values()) {
      counts.put(kind, new LongAdder());
    }
    for (Dropped reason : Dropped.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  /**
   * Takes a place among messages that are worked on; false if there are {@code most}, or if those
   * there are have too many characters with this one.
   */
  boolean tryBegin(int most, int length) {
    boolean hasPlace = pending.incrementAndGet() <= most;
    boolean hasRoom = characters.addAndGet(length) <= mostCharacters;
    if (hasPlace && hasRoom) {
      return true;
    }
    ended(length);
    return false;
  }

  void ended(int length) {
    pending.decrementAndGet();
    characters.addAndGet(-length);
  }

  /** Returns how many announces and scrapes are worked on. */
  public int pending() {
    return pending.get();
  }

  void count(Kind kind) {
    count(kind, 1);
  }

  void count(Kind kind, int times) {
    if (times > 0) {
      Objects.requireNonNull(counts.get(kind)).add(times);
    }
  }

  /** Counts an offer or an answer that went no further. */
  public void drop(Dropped reason) {
    drop(reason, 1);
  }

  void drop(Dropped reason, int relays) {
    Objects.requireNonNull(dropped.get(reason)).add(relays);
  }

  /** Returns how often something happened. */
  public long of(Kind kind) {
    return Objects.requireNonNull(counts.get(kind)).sum();
  }

  /** Returns how many offers and answers were dropped for a reason. */
  public long of(Dropped reason) {
    return Objects.requireNonNull(dropped.get(reason)).sum();
  }
}
