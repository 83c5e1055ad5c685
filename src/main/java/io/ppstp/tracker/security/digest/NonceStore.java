package io.ppstp.tracker.security.digest;

import io.vertx.core.Future;

/**
 * Remembers which counts of which nonces were used, so that no request is carried out twice: the
 * port behind replay protection. Thread-safe.
 *
 * <p>Adapters remember a nonce at least until it expires, and a bounded number of them: a nonce
 * that would be one too many is refused, for to forget another would let that one be replayed. They
 * are asked only about nonces that a verified response was made with, so that a flood of bad
 * requests fills nothing.
 */
public interface NonceStore {
  /** What became of a count. */
  enum Use {
    /** It was new and is used now. */
    ACCEPTED,
    /** It was used before. */
    REPLAYED,
    /** It is so far behind the highest that nobody remembers. */
    FORGOTTEN,
    /** There is no room for one more nonce, or none for one more of this account. */
    FULL
  }

  /**
   * Uses {@code count} of {@code nonce}. For the same count of the same nonce, one call at most is
   * told {@link Use#ACCEPTED}, on whichever node.
   *
   * @param account that has proved itself with the nonce; no account gets all the places
   * @param count 1 to 2^32-1
   * @param expiresAtMs when the nonce can be forgotten, in milliseconds since the epoch
   * @return completes on the caller's Vert.x context; fails if the ledger cannot tell
   */
  Future<Use> use(Nonce nonce, String account, long count, long expiresAtMs);

  /**
   * A nonce that was made here or on another node; immutable.
   *
   * @param mintedAtMs when, in milliseconds since the epoch
   * @param serial tells nonces of the same millisecond apart
   */
  record Nonce(long mintedAtMs, long serial) {}

  /**
   * What a tracker's nodes share about nonces; immutable.
   *
   * @param keys that nonces are signed with
   * @param ledger of those that were used
   */
  record Nonces(NonceKeys keys, NonceStore ledger) {}
}
