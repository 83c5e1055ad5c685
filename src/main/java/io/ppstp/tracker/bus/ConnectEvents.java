package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.ConnectOutcome.Execution;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import org.jspecify.annotations.Nullable;

/** Tells what a CONNECT changed, in the order in which it took effect. Stateless. */
public final class ConnectEvents {
  private ConnectEvents() {}

  /**
   * Publishes what {@code granted} means to a listener. Of a repeat that is what was done when it
   * was executed, so that the caller has to know that nobody was told of it; nothing if it is a
   * repeat of an earlier CONNECT than the last.
   */
  public static void publish(EventSink events, String peerId, Granted granted, long nowMs) {
    if (granted.execution() == Execution.EARLIER) {
      return;
    }
    if (granted.registered() || granted.execution() == Execution.LAST_REGISTERING) {
      events.publish(new TrackerEvent.Registered(nowMs, peerId));
    }
    Step left = only(granted, Step.Effect.LEFT);
    Step joined = only(granted, Step.Effect.JOINED);
    PeerMode mode = joined == null ? null : joined.mode();
    if (left != null && joined != null && mode != null && !has(granted, Step.Effect.MODE_CHANGED)) {
      String from = left.swarm().swarmId();
      String to = joined.swarm().swarmId();
      events.publish(new TrackerEvent.Switched(nowMs, peerId, from, to, mode, left.watchedMs()));
    } else {
      publishEach(events, peerId, granted, nowMs);
    }
  }

  /** Returns the step of an effect if there is just one, else null. */
  private static @Nullable Step only(Granted granted, Step.Effect effect) {
    Step found = null;
    for (Step step : granted.steps()) {
      if (step.effect() == effect) {
        if (found != null) {
          return null;
        }
        found = step;
      }
    }
    return found;
  }

  private static boolean has(Granted granted, Step.Effect effect) {
    return granted.steps().stream().anyMatch(step -> step.effect() == effect);
  }

  private static void publishEach(EventSink events, String peerId, Granted granted, long nowMs) {
    for (Step step : granted.steps()) {
      if (step.effect().ends()) {
        events.publish(
            new TrackerEvent.Left(
                nowMs,
                peerId,
                step.swarm().swarmId(),
                !granted.terminated(),
                step.joins() ? LeaveReason.NEW_MODE : LeaveReason.LEFT,
                step.watchedMs()));
      }
    }
    for (Step step : granted.steps()) {
      PeerMode mode = step.mode();
      boolean begins =
          step.effect() == Step.Effect.JOINED || step.effect() == Step.Effect.MODE_CHANGED;
      if (mode != null && begins) {
        events.publish(new TrackerEvent.Joined(nowMs, peerId, step.swarm().swarmId(), mode));
      }
    }
  }
}
