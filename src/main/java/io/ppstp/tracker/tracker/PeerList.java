package io.ppstp.tracker.tracker;

import org.jspecify.annotations.Nullable;

/**
 * A drawn peer list as ready JSON, or none. Immutable by agreement: the bytes are not copied.
 *
 * @param entries the entries of {@code peer_info}, separated by commas; null if no list was wanted
 */
@SuppressWarnings("ArrayRecordComponent")
public record PeerList(byte @Nullable [] entries) {}
