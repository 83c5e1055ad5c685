package io.ppstp.tracker.bench;

/**
 * Where a server listens, on this machine.
 *
 * @param keepAlive whether a connection bears more than one request
 */
record Target(int port, boolean tls, boolean keepAlive) {
  static Target plain(int port) {
    return new Target(port, false, true);
  }

  static Target https(int port) {
    return new Target(port, true, true);
  }
}
