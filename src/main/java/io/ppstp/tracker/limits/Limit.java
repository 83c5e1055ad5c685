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
  PEERS_PER_ADDRESS,
  /** As many new connections as one client may make. */
  CONNECTION_RATE,
  /** As many new connections as one client may make to the HTTPS listener. */
  HANDSHAKE_RATE,
  /** As many requests as the node works on. */
  IN_FLIGHT,
  /** As many bytes of answers as may wait for clients to read them. */
  UNSENT_ANSWERS,
  /** An answer that was not read in time. */
  RESPONSE_DEADLINE,
  /** As many HTTP/2 frames without a request as one connection may send. */
  HTTP2_CONTROL_FRAMES,
  /** A request from a web page of another origin. */
  FOREIGN_ORIGIN,
  /** A connection or a request from where an operator refuses all. */
  REFUSED_NETWORK,
  /** A request for a registered peer of somebody who may not speak for it. */
  FOREIGN_PEER;

  /** Returns the name for the metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
