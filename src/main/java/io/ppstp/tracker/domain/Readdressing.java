package io.ppstp.tracker.domain;

import java.util.List;

/**
 * That a request has changed what other peers may be told of where a peer is: the swarms where that
 * is still to be noted; immutable.
 *
 * @param stamp younger than all memberships that the peer had until now
 */
public record Readdressing(long stamp, Listing listing, List<SwarmKey> swarms) {}
