package io.ppstp.tracker.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the open connections, in all and per client. Thread-safe; as large as they are many. */
public final class ConnectionCounts {
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentHashMap<IpPrefix, Integer> byClient = new ConcurrentHashMap<>();

  ConnectionCounts() {}

  /** Takes a place in all, or returns null if there are {@code most} already. */
  @Nullable ConnectionHold tryOpen(int most) {
    if (total.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
      return null;
    }
    return new ConnectionHold(total::decrementAndGet);
  }

  /** Takes a place among those of one client, or returns null if it has {@code most} already. */
  @Nullable ConnectionHold tryOpen(IpPrefix client, int most) {
    boolean[] taken = new boolean[1];
    byClient.compute(
        client,
        (key, count) -> {
          int open = count == null ? 0 : count;
          taken[0] = open < most;
          return taken[0] ? Integer.valueOf(open + 1) : count;
        });
    return taken[0] ? new ConnectionHold(() -> close(client)) : null;
  }

  private void close(IpPrefix client) {
    byClient.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
  }

  int total() {
    return total.get();
  }

  int clients() {
    return byClient.size();
  }

  /** A place among the connections, taken until it is given back. Thread-safe. */
  public static final class ConnectionHold {
    private final AtomicBoolean held = new AtomicBoolean(true);
    private final Runnable giveBack;

    ConnectionHold(Runnable giveBack) {
      this.giveBack = giveBack;
    }

    /** Gives the place back, however often this is called. */
    public void release() {
      if (held.getAndSet(false)) {
        giveBack.run();
      }
    }
  }
}
