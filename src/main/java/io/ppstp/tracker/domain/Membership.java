package io.ppstp.tracker.domain;

/**
 * That a peer stands in a swarm; immutable.
 *
 * @param stamp of the CONNECT that brought it there
 */
public record Membership(String peerId, SwarmKey swarm, long stamp) {}
