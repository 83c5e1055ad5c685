package io.ppstp.tracker.app;

/** Spells addresses for people. Stateless. */
final class Urls {
  private Urls() {}

  /** Returns a host as it stands in a URL: IPv6 literals in brackets. */
  static String host(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
