package io.ppstp.tracker.bench;

import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.local.LocalStore;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What a tick of the expiry costs when nobody is due. Confined to one thread. */
final class ExpiryTrial {
  private static final long TRACK_MS = 180_000;
  private static final long NOW_MS = 1_000_000;
  private static final int TICKS = 5000;

  private ExpiryTrial() {}

  /** Returns a store of registered peers, all of whom spoke just now. */
  static LocalStore filled(int peers) {
    LocalStore store = new LocalStore(peers);
    ConnectRules rules =
        new ConnectRules(ConnectPolicy.TABLE6, 1000, Integer.MAX_VALUE, false, TRACK_MS);
    for (int i = 0; i < peers; i++) {
      String id = Integer.toString(i);
      SwarmAction join = new SwarmAction("s", Action.JOIN, PeerMode.LEECH);
      store.change(
          id,
          new PeerCommand.Connect(
              id,
              List.of(join),
              PeerAddresses.NONE,
              PeerNum.NOTHING,
              Origin.UNKNOWN,
              i,
              i,
              i,
              NOW_MS,
              rules));
    }
    return store;
  }

  /** Runs one tick in which nobody is due. */
  static int tick(LocalStore store) {
    return store.expire(NOW_MS + 1, 10_000, TRACK_MS).toCompletableFuture().join().size();
  }

  /** Returns the times of many ticks, in nanoseconds. */
  static Histogram run(int peers) {
    LocalStore store = filled(peers);
    Histogram times = new Histogram(3);
    for (int i = 0; i < TICKS * 2; i++) {
      long start = System.nanoTime();
      if (tick(store) != 0) {
        throw new IllegalStateException("somebody was due");
      }
      if (i >= TICKS) {
        times.recordValue(System.nanoTime() - start);
      }
    }
    return times;
  }
}
