package io.ppstp.tracker.domain.swarm;

import org.jspecify.annotations.Nullable;

/**
 * Some positions, numbered without gaps; valid until the next change. One class without others
 * beside it, for a draw asks it for each peer.
 */
final class Positions {
  /** Nobody. */
  static final Positions NONE = new Positions(new int[0], 0, 0);

  private final int[] places;
  private final int start;
  private final int size;

  /** Those behind, whose positions count from {@code offset} on; null if there are none. */
  private final @Nullable Positions rest;

  private final int offset;

  private Positions(int[] places, int start, int size) {
    this(places, start, size, null, 0);
  }

  private Positions(int[] places, int start, int size, @Nullable Positions rest, int offset) {
    this.places = places;
    this.start = start;
    this.size = size;
    this.rest = rest;
    this.offset = offset;
  }

  /** Returns those that stand in {@code places} from {@code start} on. */
  static Positions of(int[] places, int start, int size) {
    return size == 0 ? NONE : new Positions(places, start, size);
  }

  /** Returns these, and behind them those of an array that begins {@code at} that position. */
  Positions and(Positions others, int at) {
    return new Positions(places, start, size, others, at);
  }

  int size() {
    return rest == null ? size : size + rest.size();
  }

  int at(int index) {
    return index < size || rest == null ? places[start + index] : offset + rest.at(index - size);
  }
}
