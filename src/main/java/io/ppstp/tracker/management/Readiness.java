package io.ppstp.tracker.management;

/** Whether this node may take traffic: after its start and until its shutdown. Thread-safe. */
public final class Readiness {
  private volatile boolean ready;

  /** Returns whether the node may take traffic. */
  public boolean isReady() {
    return ready;
  }

  /** Opens or closes the node for traffic. */
  public void set(boolean mayTakeTraffic) {
    ready = mayTakeTraffic;
  }
}
