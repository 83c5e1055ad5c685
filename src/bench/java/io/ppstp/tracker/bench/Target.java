package io.ppstp.tracker.bench;

/**
 * Where a server listens, on this machine.
 *
 * @param keepAlive whether a connection bears more than one request
 * @param webSocket whether it is asked over WebSockets
 * @param from the address from which it is asked, of this machine
 */
record Target(int port, boolean tls, boolean keepAlive, boolean webSocket, String from) {
  private static final String LOOPBACK = "127.0.0.1";

  static Target plain(int port) {
    return new Target(port, false, true, false, LOOPBACK);
  }

  static Target https(int port) {
    return new Target(port, true, true, false, LOOPBACK);
  }

  /** Returns one whose connections bear one request each. */
  static Target closing(int port) {
    return new Target(port, false, false, false, LOOPBACK);
  }

  static Target webSocket(int port) {
    return new Target(port, false, true, true, LOOPBACK);
  }

  /** Returns the same, asked from another address. */
  Target from(String address) {
    return new Target(port, tls, keepAlive, webSocket, address);
  }
}
