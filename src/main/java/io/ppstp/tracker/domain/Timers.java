package io.ppstp.tracker.domain;

/**
 * The timers of Figure 5 in RFC 7846, in milliseconds.
 *
 * @param initMs from an accepted CONNECT to the end of its swarm actions
 * @param trackMs from a peer's last request to its removal; also how long a repeated CONNECT is
 *     recognised
 */
public record Timers(long initMs, long trackMs) {}
