package io.ppstp.tracker.domain;

import java.util.List;

/**
 * All that a {@link PeerShard} holds, for moving it to another node; immutable.
 *
 * @param registrations in the order in which they were last heard of
 * @param updates of swarms' lists that are still to follow, oldest first
 * @param terminated registrations that ended with their last LEAVE, oldest first
 */
public record ShardSnapshot(
    long lastStamp,
    List<RegistrationSnapshot> registrations,
    List<ListUpdate> updates,
    List<RegistrationSnapshot> terminated) {}
