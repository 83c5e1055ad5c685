package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;

/** Where nodes run; at most one on each host. Thread-safe. */
interface Hosts extends AutoCloseable {
  /** Returns the command line of the node of {@code host}, which are numbered from 1 on. */
  TrackerProcess.Builder node(int host);

  /** Returns whether links between hosts can be cut. */
  boolean canCut();

  /** Cuts the links between {@code host} and all others. Clients still reach it. */
  void cut(int host) throws IOException, InterruptedException;

  /** Undoes {@link #cut}. */
  void heal(int host) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;

  /** Adds what all nodes are told, wherever they run. */
  static TrackerProcess.Builder configured(TrackerProcess.Builder node) {
    return node.jvmOption("-Xmx256m")
        .jvmOption("-XX:TieredStopAtLevel=1")
        .set("timers.track", "10m")
        .set("cluster.minimum-members", 2)
        .set("addresses.trust", "advertised")
        .set("addresses.private", "anyone")
        .set("limits.exempt", "127.0.0.0/8,10.0.0.0/8");
  }
}
