package io.ppstp.tracker.bittorrent;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the room of BitTorrent clients counts, over all its instances here. Thread-safe. */
public final class TorrentCounts {
  private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

  /** What came of a request. */
  public enum Kind {
    /** Announces that were answered. */
    ANNOUNCES,
    /** Scrapes that were answered. */
    SCRAPES,
    /** Requests that were refused. */
    FAILURES,
    /** Requests that failed for a fault inside. */
    INTERNAL
  }

  /** Makes counts of nothing. */
  public TorrentCounts() {
    for (Kind kind : Kind.values()) {
      counts.put(kind, new LongAdder());
    }
  }

  void count(Kind kind) {
    Objects.requireNonNull(counts.get(kind)).increment();
  }

  /** Returns how often something happened. */
  public long of(Kind kind) {
    return Objects.requireNonNull(counts.get(kind)).sum();
  }
}
