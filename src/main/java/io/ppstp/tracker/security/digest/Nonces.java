package io.ppstp.tracker.security.digest;

/**
 * What a tracker's nodes share about nonces; immutable.
 *
 * @param keys that nonces are signed with
 * @param ledger of those that were used
 */
public record Nonces(NonceKeys keys, NonceStore ledger) {}
