package io.ppstp.tracker.store.hazelcast.transport;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who belongs to the cluster, as one node sees it at one moment; immutable. Members that hold no
 * state do not count.
 *
 * @param here this member
 * @param others the other members, in the order in which they joined
 * @param rank how many of the others joined before this one
 * @param founder whether this member began the cluster, so that none was ever older
 */
public record MemberView(UUID here, List<Other> others, int rank, boolean founder) {
  /** Another member. */
  public record Other(String name, UUID id) {}

  /** Returns whether this member joined first: it then decides who belongs to the cluster. */
  public boolean hereIsOldest() {
    return rank == 0;
  }

  /** Returns the member that joined first. */
  UUID oldest() {
    return rank == 0 ? here : others.get(0).id();
  }

  /** Returns whether another member has this name and this ID. */
  boolean has(String name, UUID id) {
    return others.stream().anyMatch(it -> it.name().equals(name) && it.id().equals(id));
  }

  /** Returns the IDs of all, this one included. */
  Set<UUID> members() {
    return Stream.concat(Stream.of(here), others.stream().map(Other::id))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns a number that two views have in common if they are of the same members. */
  long fingerprint() {
    long sum = mix(here);
    for (Other other : others) {
      sum += mix(other.id());
    }
    return sum;
  }

  /** The finisher of MurmurHash3, so that sums of IDs that differ in few bits differ. */
  private static long mix(UUID id) {
    long bits = id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32);
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }
}
