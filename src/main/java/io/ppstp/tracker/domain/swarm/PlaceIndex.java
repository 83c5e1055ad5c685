package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.Place;
import org.jspecify.annotations.Nullable;

/**
 * Finds members of a set by where they are. Changes are O(1) in the number of members, and take
 * some 20 bytes for each of them. Confined to the {@link Swarm} that the set belongs to, which
 * tells it of each change beforehand.
 *
 * <p>A small set has no index: whoever draws of it looks at all its members.
 */
final class PlaceIndex {
  /** Members from which on a set has an index. */
  private static final int LEAST = 64;

  /** An index is made anew when so much of what it was made for has gone. */
  private static final int SHRINK_DIVISOR = 4;

  private final IndexedSet<Member> members;
  private @Nullable KeyGroups networks;
  private @Nullable KeyGroups hosts;
  private int most;

  /** Makes one over {@code members}. */
  PlaceIndex(IndexedSet<Member> members) {
    this.members = members;
    if (members.size() >= LEAST) {
      make();
    }
  }

  /** Notes that a member has been put at {@code position}, where none is known to be. */
  void added(int position) {
    if (networks == null || hosts == null) {
      if (members.size() >= LEAST) {
        make();
      }
      return;
    }
    most = Math.max(most, members.size());
    networks.add(position);
    hosts.add(position);
  }

  /**
   * Notes that the member at {@code position} is to go, and the last is to take its place, which it
   * does as long as this is called just before that.
   */
  void removing(int position) {
    if (networks == null || hosts == null) {
      return;
    }
    leaving(position);
    int last = members.size() - 1;
    if (last != position) {
      networks.move(last, position);
      hosts.move(last, position);
    }
  }

  /** Notes that the member at {@code position} is to give way to another of the same ID. */
  void leaving(int position) {
    if (networks != null && hosts != null) {
      networks.remove(position);
      hosts.remove(position);
    }
  }

  /** Notes that a member has gone, of which {@link #removing} was told. */
  void removed() {
    if (networks != null && members.size() < most / SHRINK_DIVISOR) {
      networks = null;
      hosts = null;
      if (members.size() >= LEAST) {
        make();
      }
    }
  }

  private void make() {
    KeyGroups byNetwork = new KeyGroups(position -> members.at(position).network());
    KeyGroups byHost = new KeyGroups(position -> members.at(position).host());
    most = members.size();
    for (int i = 0; i < most; i++) {
      byNetwork.add(i);
      byHost.add(i);
    }
    networks = byNetwork;
    hosts = byHost;
  }

  /** Returns the positions of those at the same public address as {@code place}. */
  Positions atHostOf(Place place) {
    return hosts == null ? scan(place.host(), true) : hosts.of(place.host());
  }

  /** Returns the positions of those in a network. */
  Positions inNetwork(int network) {
    return networks == null ? scan(network, false) : networks.of(network);
  }

  private Positions scan(int key, boolean byHost) {
    int[] found = new int[members.size()];
    int count = 0;
    for (int i = 0; i < members.size() && key != 0; i++) {
      Member member = members.at(i);
      if ((byHost ? member.host() : member.network()) == key) {
        found[count++] = i;
      }
    }
    return Positions.of(found, 0, count);
  }
}
