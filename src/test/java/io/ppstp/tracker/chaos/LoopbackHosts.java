package io.ppstp.tracker.chaos;

import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Path;

/** All nodes on loopback, on ports of their own: no link can be cut. Thread-safe. */
final class LoopbackHosts implements Hosts {
  private final TrackerCluster commandLines;

  LoopbackHosts(Path folder) throws IOException {
    commandLines = TrackerCluster.in(folder, Hosts::configured);
  }

  @Override
  public TrackerProcess.Builder node(int host) {
    return commandLines.node();
  }

  @Override
  public boolean canCut() {
    return false;
  }

  @Override
  public void cut(int host) {
    throw new UnsupportedOperationException("loopback cannot be cut");
  }

  @Override
  public void heal(int host) {
    throw new UnsupportedOperationException("loopback cannot be cut");
  }

  @Override
  public void close() {
    commandLines.close();
  }
}
