package io.ppstp.tracker.ingress;

/** The ports that ingress listens on, known once it has started. Thread-safe. */
public final class BoundPorts {
  private volatile int plain;
  private volatile int tls;

  /** Returns the plain HTTP port, 0 if there is none. */
  public int plain() {
    return plain;
  }

  /** Returns the HTTPS port, 0 if there is none. */
  public int tls() {
    return tls;
  }

  void plain(int port) {
    plain = port;
  }

  void tls(int port) {
    tls = port;
  }
}
