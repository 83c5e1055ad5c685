package io.ppstp.tracker.bench;

/**
 * Where a server listens, on this machine.
 *
 * @param keepAlive whether a connection bears more than one request
 * @param webSocket whether it is asked over WebSockets
 */
record Target(int port, boolean tls, boolean keepAlive, boolean webSocket) {
  static Target plain(int port) {
    return new Target(port, false, true, false);
  }

  static Target https(int port) {
    return new Target(port, true, true, false);
  }

  /** Returns one whose connections bear one request each. */
  static Target closing(int port) {
    return new Target(port, false, false, false);
  }

  static Target webSocket(int port) {
    return new Target(port, false, true, true);
  }
}
