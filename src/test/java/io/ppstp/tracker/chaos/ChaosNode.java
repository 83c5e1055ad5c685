package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.Management;
import io.ppstp.tracker.testing.TrackerProcess;
import java.net.URI;

/**
 * A running node; immutable.
 *
 * @param name its host and how often a node was started there before, such as {@code n2.1}
 * @param host from 1 on
 */
record ChaosNode(String name, int host, TrackerProcess process, URI http, Management management) {
  static ChaosNode of(String name, int host, TrackerProcess process) {
    return new ChaosNode(name, host, process, process.http(), process.management());
  }

  @Override
  public String toString() {
    return name;
  }
}
