package io.ppstp.tracker.security.digest;

/**
 * A nonce that was made here or on another node; immutable.
 *
 * @param mintedAtMs when, in milliseconds since the epoch
 * @param serial tells nonces of the same millisecond apart
 */
public record Nonce(long mintedAtMs, long serial) {}
