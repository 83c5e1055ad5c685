package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Requester;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those leave the store who cannot say so themselves, for their sockets are closed, and tells
 * it again if it could not be told: after a node has died it takes no changes for a while, and who
 * goes then is not to be offered connections until its track timer has run out. Confined to one
 * event loop.
 */
final class Departures {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  /** Who waits to be told of again, at most; others go when their timers run out. */
  static final int MOST_WAITING = 10_000;

  private static final int MOST_PER_TICK = 1000;
  private static final long FIRST_WAIT_MS = 1000;
  private static final int MOST_DOUBLINGS = 6;

  /** By then the store has forgotten a member that is silent, at every node. */
  private static final int SILENT_TIMERS = 2;

  private final MemberStore members;
  private final InstantSource clock;
  private final long trackMs;
  private final Runnable onIdle;
  private final PriorityQueue<Departure> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Departure::dueMs));
  private int leaving;

  /** Somebody who goes; the store has been told in vain so many times. */
  private record Departure(SocketMember member, Requester requester, int failures, long dueMs) {}

  /**
   * Makes it of nobody.
   *
   * @param trackMs after which the store lets a silent member go by itself
   * @param onIdle told when all who went have left the store, or will by themselves
   */
  Departures(MemberStore members, InstantSource clock, long trackMs, Runnable onIdle) {
    this.members = members;
    this.clock = clock;
    this.trackMs = trackMs;
    this.onIdle = onIdle;
  }

  /** Returns whether nobody is about to leave. */
  boolean isIdle() {
    return leaving == 0;
  }

  /** Returns the moment before which who announced itself last has been forgotten by the store. */
  long forgottenBeforeMs() {
    return clock.millis() - SILENT_TIMERS * trackMs;
  }

  /** Lets a member leave after all that it has said before. */
  void leave(SocketMember member, Requester requester) {
    if (member.isIdle() && member.heardMs < forgottenBeforeMs()) {
      return;
    }
    leaving++;
    tell(new Departure(member, requester, 0, 0));
  }

  private void tell(Departure departure) {
    departure
        .member()
        .run(() -> tryLeave(departure).whenComplete((left, failure) -> told(departure, failure)));
  }

  private CompletionStage<?> tryLeave(Departure departure) {
    try {
      return members.leave(departure.member(), departure.requester(), clock.millis());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void told(Departure departure, Throwable failure) {
    long waitMs = FIRST_WAIT_MS << Math.min(departure.failures(), MOST_DOUBLINGS);
    long dueMs = clock.millis() + waitMs;
    SocketMember member = departure.member();
    if (failure == null) {
      over();
    } else if (waiting.size() < MOST_WAITING && dueMs < member.heardMs + trackMs) {
      waiting.add(new Departure(member, departure.requester(), departure.failures() + 1, dueMs));
    } else {
      LOG.debug("a member goes when its timer runs out", failure);
      over();
    }
  }

  private void over() {
    if (--leaving == 0) {
      onIdle.run();
    }
  }

  /** Tells the store again of whom it is time for; to be called about every second. */
  void tick() {
    long nowMs = clock.millis();
    for (int left = MOST_PER_TICK; left > 0; left--) {
      Departure next = waiting.peek();
      if (next == null || next.dueMs() > nowMs) {
        return;
      }
      waiting.remove();
      tell(next);
    }
  }
}
