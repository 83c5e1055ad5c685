package io.ppstp.tracker.domain;

import org.jspecify.annotations.Nullable;

/**
 * A drawn peer list as ready JSON, or none. Immutable by agreement: the bytes are not copied.
 *
 * @param entries the entries of {@code peer_info}, separated by commas; null if no list was wanted
 * @param withheld addresses of drawn peers that this requester may not be told
 */
@SuppressWarnings("ArrayRecordComponent")
public record PeerList(byte @Nullable [] entries, int withheld) {
  private static final byte[] NO_BYTES = new byte[0];

  /** No list was wanted. */
  public static final PeerList NOT_WANTED = new PeerList(null, 0);

  /** A list of nobody. */
  static final PeerList EMPTY = new PeerList(NO_BYTES, 0);
}
