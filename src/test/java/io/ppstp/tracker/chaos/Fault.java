package io.ppstp.tracker.chaos;

import java.time.Duration;

/**
 * One fault as it was drawn; immutable.
 *
 * @param victim which of the running nodes, counted modulo their number
 * @param length of the outage, where the kind leaves that open
 * @param gap load before it
 */
record Fault(FaultKind kind, int victim, Duration length, Duration gap) {
  @Override
  public String toString() {
    return kind + " of node " + victim + " (" + length.toMillis() + " ms)";
  }
}
