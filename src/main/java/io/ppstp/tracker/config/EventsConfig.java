package io.ppstp.tracker.config;

import java.time.Duration;

/**
 * What listeners to events are told, and the stream of events on the management port; immutable.
 *
 * @param identities how much of who a peer is
 * @param prefixes whether they say from what network requests come: /24 of IPv4, /48 of IPv6
 * @param bus whether the nodes of a cluster publish events to all its members; else each keeps its
 *     own to itself
 * @param accounts between two records of what a peer uses of a swarm; zero for none
 * @param readers of one node at a time
 * @param kept events that a node keeps for readers that are slow or come back, while there are
 *     readers and a minute longer
 */
public record EventsConfig(
    Identities identities,
    boolean prefixes,
    boolean bus,
    Duration accounts,
    int readers,
    int kept) {

  /** What events say of who a peer is. */
  public enum Identities {
    CLEAR,
    /** By a name that is new each day, and tells nobody the ID. */
    HASHED,
    NONE
  }
}
