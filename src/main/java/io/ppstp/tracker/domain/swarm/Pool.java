package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.Place;
import org.jspecify.annotations.Nullable;

/**
 * The members that a list can be drawn of, by position, and some of them by where they are. Valid
 * until the swarm changes.
 */
interface Pool {
  int size();

  Member at(int position);

  /** Returns the positions of those at the same public address as {@code place}. */
  Positions atHostOf(Place place);

  /** Returns the positions of those in a network, as {@link Place} has it. */
  Positions inNetwork(int network);

  /**
   * Returns those of one set.
   *
   * @param places finds them by where they are; null if no member's place is known
   */
  static Pool of(IndexedSet<Member> members, @Nullable PlaceIndex places) {
    return new Pool() {
      @Override
      public int size() {
        return members.size();
      }

      @Override
      public Member at(int position) {
        return members.at(position);
      }

      @Override
      public Positions atHostOf(Place place) {
        return places == null ? Positions.NONE : places.atHostOf(place);
      }

      @Override
      public Positions inNetwork(int network) {
        return places == null ? Positions.NONE : places.inNetwork(network);
      }
    };
  }

  /** Returns those of {@code first}, and behind them those of {@code second}. */
  static Pool of(Pool first, Pool second) {
    if (first.size() == 0) {
      return second;
    }
    if (second.size() == 0) {
      return first;
    }
    return new Pool() {
      @Override
      public int size() {
        return first.size() + second.size();
      }

      @Override
      public Member at(int position) {
        return position < first.size() ? first.at(position) : second.at(position - first.size());
      }

      @Override
      public Positions atHostOf(Place place) {
        return first.atHostOf(place).and(second.atHostOf(place), first.size());
      }

      @Override
      public Positions inNetwork(int network) {
        return first.inNetwork(network).and(second.inNetwork(network), first.size());
      }
    };
  }
}
