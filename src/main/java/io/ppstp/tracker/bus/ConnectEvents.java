package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;

/** Tells what a CONNECT changed, in the order in which it took effect. Stateless. */
public final class ConnectEvents {
  private ConnectEvents() {}

  /** Publishes what {@code granted} means to a listener; nothing if it is a repeat. */
  public static void publish(EventSink events, String peerId, Granted granted, long nowMs) {
    if (granted.repeated()) {
      return;
    }
    if (granted.registered()) {
      events.publish(new TrackerEvent.Registered(nowMs, peerId));
    }
    for (Step step : granted.steps()) {
      if (step.effect() == Step.Effect.LEFT || step.effect() == Step.Effect.MODE_CHANGED) {
        String swarm = step.swarm().swarmId();
        events.publish(new TrackerEvent.Left(nowMs, peerId, swarm, !granted.terminated()));
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
