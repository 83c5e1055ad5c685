package io.ppstp.tracker.limits;

import java.util.concurrent.atomic.AtomicBoolean;

/** A place among the connections, taken until it is given back. Thread-safe. */
public final class ConnectionHold {
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
