package io.ppstp.tracker.limits;

import java.util.Locale;

/** What somebody ran into, for the metrics. */
public enum Limit {
  /** As many connections as the node takes. */
  CONNECTIONS,
  /** As many connections as one client may have. */
  CONNECTIONS_PER_ADDRESS,
  /** A connection from elsewhere than a proxy where only proxies may connect. */
  UNTRUSTED_PROXY,
  /** No whole request for too long after the connection was accepted, or after the last answer. */
  REQUEST_DEADLINE,
  /** As many requests as one client may send. */
  REQUESTS,
  /** As many requests as one identity may send. */
  IDENTITY_REQUESTS,
  /** As many credentials as may be tried by a client that is locked out. */
  LOCK_OUT,
  /** As many new registrations as one client may make. */
  REGISTRATIONS,
  /** As many registered peers as one client may have. */
  PEERS_PER_ADDRESS;

  /** Returns the name for the metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
