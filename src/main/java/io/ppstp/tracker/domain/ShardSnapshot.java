package io.ppstp.tracker.domain;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * All that a {@link PeerShard} holds, for moving it to another node; immutable.
 *
 * @param registrations in the order in which they were last heard of
 * @param terminated registrations that ended with their last LEAVE, oldest first
 */
public record ShardSnapshot(
    long lastStamp,
    List<RegistrationSnapshot> registrations,
    List<Departure> departures,
    List<RegistrationSnapshot> terminated) {

  /** How a merge came out: the union, and the registrations that had to give way in it. */
  public record Merge(ShardSnapshot union, int added, int dropped) {}

  /**
   * Unites two histories of one shard that went apart: each peer keeps its newer registration, and
   * a peer that left on one side does not come back from the other. What the older registration was
   * a member of besides is left to the check for orphans.
   */
  public Merge mergedWith(ShardSnapshot other) {
    Map<String, RegistrationSnapshot> ended = new HashMap<>();
    terminated.forEach(registration -> ended.put(registration.peerId(), registration));
    other.terminated.forEach(
        registration -> ended.merge(registration.peerId(), registration, ShardSnapshot::newer));
    Map<String, RegistrationSnapshot> byPeer = new HashMap<>();
    registrations.forEach(registration -> byPeer.put(registration.peerId(), registration));
    int added = 0;
    for (RegistrationSnapshot theirs : other.registrations) {
      RegistrationSnapshot ours = byPeer.get(theirs.peerId());
      added += ours == null ? 1 : 0;
      if (ours == null || theirs.isNewerThan(ours)) {
        byPeer.put(theirs.peerId(), theirs);
      }
    }
    byPeer.values().removeIf(it -> it.endedWith(ended.get(it.peerId())));
    ended.keySet().removeAll(byPeer.keySet());
    List<RegistrationSnapshot> union = sorted(byPeer, RegistrationSnapshot::lastSeenMs);
    int dropped = registrations.size() + other.registrations.size() - union.size();
    ShardSnapshot merged =
        new ShardSnapshot(
            Math.max(lastStamp, other.lastStamp),
            union,
            departuresWith(other),
            sorted(ended, it -> it.lastConnect().atMs()));
    return new Merge(merged, added, dropped);
  }

  private List<Departure> departuresWith(ShardSnapshot other) {
    Map<Long, Departure> both = new LinkedHashMap<>();
    departures.forEach(departure -> both.put(departure.stamp(), departure));
    other.departures.forEach(departure -> both.putIfAbsent(departure.stamp(), departure));
    return List.copyOf(both.values());
  }

  private static RegistrationSnapshot newer(RegistrationSnapshot one, RegistrationSnapshot other) {
    return other.isNewerThan(one) ? other : one;
  }

  private static List<RegistrationSnapshot> sorted(
      Map<String, RegistrationSnapshot> byPeer, ToLongFunction<RegistrationSnapshot> timeMs) {
    return byPeer.values().stream().sorted(Comparator.comparingLong(timeMs)).toList();
  }
}
