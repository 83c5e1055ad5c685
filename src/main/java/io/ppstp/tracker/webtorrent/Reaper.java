package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes members out of their swarms whose node is gone: they would take their share of offers until
 * their track timers have run out. Only who is drawn is looked at, a few at a time; the rest waits
 * for the next draw. Who was there after all joins again with its next announce. Confined to one
 * event loop.
 */
final class Reaper {
  private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

  /** Members that the store is being told of, at most. */
  static final int MOST_UNDER_WAY = 64;

  private final MemberStore members;
  private final InstantSource clock;
  private final Set<String> underWay = new HashSet<>();

  Reaper(MemberStore members, InstantSource clock) {
    this.members = members;
    this.clock = clock;
  }

  /** Takes {@code ids} out of a swarm. */
  void reap(SwarmKey swarm, List<String> ids) {
    for (String id : ids) {
      if (underWay.size() < MOST_UNDER_WAY && underWay.add(id)) {
        members
            .remove(id, swarm, clock.millis())
            .whenComplete(
                (removed, failure) -> {
                  underWay.remove(id);
                  LOG.debug("the node of {} is gone", id, failure);
                });
      }
    }
  }
}
