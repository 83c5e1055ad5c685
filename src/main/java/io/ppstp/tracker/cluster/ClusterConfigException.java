package io.ppstp.tracker.cluster;

/** The cluster's configuration cannot be used; the message says which key and why. */
public final class ClusterConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ClusterConfigException(String message) {
    super(message);
  }
}
