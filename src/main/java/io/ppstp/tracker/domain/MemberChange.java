package io.ppstp.tracker.domain;

import org.jspecify.annotations.Nullable;

/**
 * The change of one member of one swarm; immutable. It does nothing to a member with a younger
 * stamp, so it may come twice, and late.
 *
 * @param stamp of the change of the registration that it follows
 * @param member as the list is to name it, null if it is to name it no more
 */
public record MemberChange(String peerId, long stamp, @Nullable Member member) {}
