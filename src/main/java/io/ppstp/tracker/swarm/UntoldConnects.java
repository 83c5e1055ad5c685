package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.PeerCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The CONNECTs of this node of which it is not known whether they were executed, so that their
 * events have not been published. If the peer repeats one here and it turns out that it was, its
 * events are published then. It may repeat it at another node, which cannot know whether this one
 * has told; so the store is asked now and then, and what it says is told by this node. Whichever
 * comes first takes the CONNECT from here: it is told once. Bounded; thread-safe.
 *
 * <p>A CONNECT is known by its seed, which is drawn for each request: a repeat is answered with the
 * seed of the one that was executed.
 */
public final class UntoldConnects {
  /** Beyond, the oldest is forgotten, and its events with it. */
  private static final int CAPACITY = 10_000;

  /** Questions of one call. */
  private static final int MOST_AT_ONCE = 200;

  /** Before the first question: most peers have repeated theirs by then. */
  private static final long FIRST_MS = 2000;

  private final Map<Long, UntoldConnect> bySeed = new LinkedHashMap<>(0);

  /** One of them, and who has sent it. Guarded by the whole. */
  static final class UntoldConnect {
    private final PeerCommand.Connect connect;
    private final Requester requester;
    private long askMs;

    private UntoldConnect(PeerCommand.Connect connect, Requester requester) {
      this.connect = connect;
      this.requester = requester;
      this.askMs = connect.nowMs() + FIRST_MS;
    }

    PeerCommand.Connect connect() {
      return connect;
    }

    Requester requester() {
      return requester;
    }
  }

  /** Notes that nobody knows what came of a CONNECT. */
  synchronized void add(PeerCommand.Connect connect, Requester requester) {
    bySeed.put(connect.seed(), new UntoldConnect(connect, requester));
    if (bySeed.size() > CAPACITY) {
      bySeed.remove(bySeed.keySet().iterator().next());
    }
  }

  /**
   * Returns whether the events of a granted CONNECT are to be published now.
   *
   * @param seed that this request was given: it comes back if the store itself has tried again, and
   *     found that the first attempt was executed
   */
  boolean isDue(Granted granted, long seed) {
    return !granted.repeated() || granted.seed() == seed || take(granted.seed());
  }

  /** Returns, once, whether nobody was told of the CONNECT of a seed. */
  synchronized boolean take(long seed) {
    return bySeed.remove(seed) != null;
  }

  /**
   * Returns those that the store is to be asked about now: of each ever more seldom, and until the
   * shards have forgotten it.
   */
  synchronized List<UntoldConnect> toAsk(long nowMs) {
    List<UntoldConnect> due = new ArrayList<>(0);
    bySeed.values().removeIf(it -> nowMs - it.connect.nowMs() > it.connect.rules().trackMs());
    for (UntoldConnect untold : bySeed.values()) {
      if (untold.askMs <= nowMs && due.size() < MOST_AT_ONCE) {
        untold.askMs = nowMs + (nowMs - untold.connect.nowMs());
        due.add(untold);
      }
    }
    return due;
  }
}
