package io.ppstp.tracker.tracker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a {@link PeerShard} holds, for moving it to another node; immutable.
 *
 * @param registrations in the order in which they were last heard of
 * @param terminated last CONNECTs of peers that are gone, oldest first
 */
public record ShardSnapshot(
    long lastStamp,
    List<RegistrationSnapshot> registrations,
    List<Departure> departures,
    Map<String, LastConnect> terminated) {

  /** How a merge came out: the union, and the registrations that had to give way in it. */
  public record Merge(ShardSnapshot union, int added, int dropped) {}

  /**
   * Unites two histories of one shard that went apart: each peer keeps its newer registration, and
   * a peer that left on one side does not come back from the other. What the older registration was
   * a member of besides is left to the check for orphans.
   */
  public Merge mergedWith(ShardSnapshot other) {
    Map<String, LastConnect> bothTerminated = new HashMap<>(terminated);
    other.terminated.forEach(
        (peer, last) -> bothTerminated.merge(peer, last, ShardSnapshot::younger));
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
    byPeer.values().removeIf(it -> it.endedWith(bothTerminated.get(it.peerId())));
    bothTerminated.keySet().removeAll(byPeer.keySet());
    List<RegistrationSnapshot> union = new ArrayList<>(byPeer.values());
    union.sort(Comparator.comparingLong(RegistrationSnapshot::lastSeenMs));
    int dropped = registrations.size() + other.registrations.size() - union.size();
    ShardSnapshot merged =
        new ShardSnapshot(
            Math.max(lastStamp, other.lastStamp),
            List.copyOf(union),
            departuresWith(other),
            oldestFirst(bothTerminated));
    return new Merge(merged, added, dropped);
  }

  private List<Departure> departuresWith(ShardSnapshot other) {
    Map<Long, Departure> both = new LinkedHashMap<>();
    departures.forEach(departure -> both.put(departure.stamp(), departure));
    other.departures.forEach(departure -> both.putIfAbsent(departure.stamp(), departure));
    return List.copyOf(both.values());
  }

  private static LastConnect younger(LastConnect one, LastConnect other) {
    return one.stamp() >= other.stamp() ? one : other;
  }

  private static Map<String, LastConnect> oldestFirst(Map<String, LastConnect> terminated) {
    Map<String, LastConnect> sorted = new LinkedHashMap<>();
    terminated.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getValue().atMs()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }
}
