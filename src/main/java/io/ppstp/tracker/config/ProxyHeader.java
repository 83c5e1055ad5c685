package io.ppstp.tracker.config;

/** What a trusted proxy names the client's address in. */
public enum ProxyHeader {
  /** Nothing is believed: a client is where its connection comes from. */
  NONE,
  /** The field {@code X-Forwarded-For}. */
  X_FORWARDED_FOR,
  /** The field {@code Forwarded} (RFC 7239). */
  FORWARDED,
  /** The PROXY protocol, versions 1 and 2, before anything else on the connection. */
  PROXY_PROTOCOL;

  /** Returns whether each request names its client, so that those of one connection may differ. */
  public boolean standsInRequests() {
    return this == X_FORWARDED_FOR || this == FORWARDED;
  }
}
