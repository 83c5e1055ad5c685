package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import java.util.List;

/**
 * A change of a {@link PeerShard}, as decided; immutable. It says what becomes of the shard and
 * asks nothing any more: applied to the same shard anywhere, it has the same effect.
 *
 * @param lastStamp of the shard after it
 * @param registered registrations that are new or take the place of older ones
 * @param terminated registrations that ended with a CONNECT, to be remembered for a while
 * @param removed peers whose registrations ended in another way
 * @param heard when peers were last heard of
 * @param noted updates of lists that are to follow
 * @param struckOut stamps of the updates that lists have followed
 * @param forgottenBeforeMs ended registrations from before that time are not remembered any more
 */
public record ShardChange(
    long lastStamp,
    List<RegistrationSnapshot> registered,
    List<RegistrationSnapshot> terminated,
    List<String> removed,
    List<Heard> heard,
    List<ListUpdate> noted,
    List<Long> struckOut,
    long forgottenBeforeMs) {
  /** Nothing changes. */
  public static final ShardChange NONE =
      new ShardChange(
          0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Long.MIN_VALUE);

  /** When a peer was last heard of, in milliseconds of the tracker's clock. */
  public record Heard(String peerId, long atMs) {}

  static ShardChange heard(List<Heard> heard) {
    return new ShardChange(
        0, List.of(), List.of(), List.of(), heard, List.of(), List.of(), Long.MIN_VALUE);
  }

  static ShardChange registered(RegistrationSnapshot registration, List<ListUpdate> noted) {
    return new ShardChange(
        latestOf(noted),
        List.of(registration),
        List.of(),
        List.of(),
        List.of(),
        noted,
        List.of(),
        Long.MIN_VALUE);
  }

  static ShardChange terminated(RegistrationSnapshot registration, ListUpdate noted) {
    return new ShardChange(
        noted.stamp(),
        List.of(),
        List.of(registration),
        List.of(),
        List.of(),
        List.of(noted),
        List.of(),
        Long.MIN_VALUE);
  }

  static ShardChange removed(String peerId, ListUpdate noted) {
    return new ShardChange(
        noted.stamp(),
        List.of(),
        List.of(),
        List.of(peerId),
        List.of(),
        List.of(noted),
        List.of(),
        Long.MIN_VALUE);
  }

  static ShardChange noted(List<ListUpdate> noted) {
    return new ShardChange(
        latestOf(noted),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        noted,
        List.of(),
        Long.MIN_VALUE);
  }

  static ShardChange struckOut(List<Long> stamps) {
    return new ShardChange(
        0, List.of(), List.of(), List.of(), List.of(), List.of(), stamps, Long.MIN_VALUE);
  }

  private static long latestOf(List<ListUpdate> noted) {
    return noted.isEmpty() ? 0 : noted.get(noted.size() - 1).stamp();
  }

  /** Returns this change with updates struck out besides. */
  public ShardChange strikingOut(List<Long> stamps) {
    return new ShardChange(
        lastStamp, registered, terminated, removed, heard, noted, stamps, forgottenBeforeMs);
  }

  /** Returns this change without what lists are to follow, for whoever lets them at once. */
  public ShardChange withNothingNoted() {
    return noted.isEmpty()
        ? this
        : new ShardChange(
            lastStamp,
            registered,
            terminated,
            removed,
            heard,
            List.of(),
            struckOut,
            forgottenBeforeMs);
  }

  /** Returns whether nothing changes. */
  public boolean isNothing() {
    return equals(NONE);
  }
}
