package io.ppstp.tracker.management;

import org.jspecify.annotations.Nullable;

/**
 * The latest events, numbered from 0 in the order in which they came. Bounded in events and bytes:
 * the oldest go. Confined to one event loop.
 */
final class EventLog {
  private final @Nullable FeedEvent[] kept;
  private final long mostBytes;
  private long bytes;
  private long first;
  private long next;

  EventLog(int most, long mostBytes) {
    this.kept = new FeedEvent[most];
    this.mostBytes = mostBytes;
  }

  /** Adds one. */
  void add(FeedEvent event) {
    if (next - first == kept.length) {
      dropFirst();
    }
    kept[slot(next++)] = event;
    bytes += event.bytes();
    while (bytes > mostBytes && next - first > 1) {
      dropFirst();
    }
  }

  /** Forgets all. */
  void clear() {
    while (first < next) {
      dropFirst();
    }
  }

  private void dropFirst() {
    int slot = slot(first++);
    FeedEvent gone = kept[slot];
    kept[slot] = null;
    bytes -= gone == null ? 0 : gone.bytes();
  }

  private int slot(long position) {
    return (int) (position % kept.length);
  }

  /** Returns the number of the oldest that is kept, {@link #next} if none is. */
  long first() {
    return first;
  }

  /** Returns the number of the next to come. */
  long next() {
    return next;
  }

  /** Returns the event of a number, null if it is kept no more, or is still to come. */
  @Nullable FeedEvent at(long position) {
    return position < first || position >= next ? null : kept[slot(position)];
  }

  /** Returns the number behind that of the event of this ID, -1 if that is not kept. */
  long after(String id) {
    for (long position = next - 1; position >= first; position--) {
      FeedEvent event = at(position);
      if (event != null && event.id().equals(id)) {
        return position + 1;
      }
    }
    return -1;
  }
}
