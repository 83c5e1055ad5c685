package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Unites two histories of one shard that went apart in a network split. Confined to one thread.
 *
 * <p>Each peer keeps one of its registrations, and a peer that left on one side does not come back
 * from the other. This side's lists of swarms stay as they are; what the registrations of the other
 * side mean for them is noted, so that they follow.
 */
public final class ShardMerge {
  private final ShardSnapshot ours;
  private final ShardSnapshot theirs;
  private final boolean preferOurs;
  private final AddressRules rules;
  private final List<ListUpdate> noted = new ArrayList<>();
  private long lastStamp;
  private int added;

  /**
   * How a merge came out.
   *
   * @param added registrations that only the other side knew
   * @param dropped registrations that gave way to another of the same peer, or had ended
   */
  public record Result(ShardSnapshot union, int added, int dropped) {}

  private ShardMerge(
      ShardSnapshot ours, ShardSnapshot theirs, boolean preferOurs, AddressRules rules) {
    this.ours = ours;
    this.theirs = theirs;
    this.preferOurs = preferOurs;
    this.rules = rules;
    this.lastStamp = Math.max(ours.lastStamp(), theirs.lastStamp());
  }

  /**
   * Unites both.
   *
   * @param preferOurs whether only this side can have acknowledged anything since the split, so
   *     that its registration of a peer is kept; otherwise it is the newer one
   * @param rules for the addresses of those that come from the other side
   */
  public static Result of(
      ShardSnapshot ours, ShardSnapshot theirs, boolean preferOurs, AddressRules rules) {
    return new ShardMerge(ours, theirs, preferOurs, rules).merge();
  }

  private Result merge() {
    Map<String, RegistrationSnapshot> byPeer = new HashMap<>();
    ours.registrations().forEach(it -> byPeer.put(it.peerId(), it));
    Map<String, RegistrationSnapshot> ended = new HashMap<>();
    ours.terminated().forEach(it -> ended.put(it.peerId(), it));
    for (RegistrationSnapshot it : theirs.terminated()) {
      // A LEAVE that nobody can have acknowledged is none.
      if (!preferOurs || !byPeer.containsKey(it.peerId())) {
        ended.merge(it.peerId(), it, (our, their) -> isKept(their, our) ? their : our);
      }
    }
    for (RegistrationSnapshot their : theirs.registrations()) {
      if (their.endedWith(ended.get(their.peerId()))) {
        continue;
      }
      RegistrationSnapshot our = byPeer.get(their.peerId());
      added += our == null ? 1 : 0;
      if (our == null || isKept(their, our)) {
        leaveWhereOnly(our, their);
        join(their);
        byPeer.put(their.peerId(), their);
      }
    }
    List<RegistrationSnapshot> over =
        byPeer.values().stream().filter(it -> it.endedWith(ended.get(it.peerId()))).toList();
    for (RegistrationSnapshot it : over) {
      byPeer.remove(it.peerId());
      leaveWhereOnly(it, null);
    }
    ended.keySet().removeAll(byPeer.keySet());
    List<RegistrationSnapshot> union = sorted(byPeer, RegistrationSnapshot::lastSeenMs);
    int dropped = ours.registrations().size() + theirs.registrations().size() - union.size();
    return new Result(
        new ShardSnapshot(
            lastStamp, union, updates(), sorted(ended, it -> it.lastConnect().atMs())),
        added,
        dropped);
  }

  /** Returns whether the other side's registration of a peer takes the place of this side's. */
  private boolean isKept(RegistrationSnapshot their, RegistrationSnapshot our) {
    return !preferOurs && their.isNewerThan(our);
  }

  private void leaveWhereOnly(
      @Nullable RegistrationSnapshot given, @Nullable RegistrationSnapshot kept) {
    if (given == null) {
      return;
    }
    Set<SwarmKey> stays = kept == null ? Set.of() : kept.memberships().keySet();
    List<SwarmKey> leaves =
        given.memberships().keySet().stream().filter(swarm -> !stays.contains(swarm)).toList();
    if (!leaves.isEmpty()) {
      noted.add(ListUpdate.leaving(given.peerId(), ++lastStamp, leaves, null));
    }
  }

  private void join(RegistrationSnapshot theirs) {
    List<ListUpdate.Join> joins = new ArrayList<>(1);
    theirs
        .memberships()
        .forEach((swarm, there) -> joins.add(new ListUpdate.Join(swarm, there.mode())));
    noted.add(
        new ListUpdate(
            theirs.peerId(),
            ++lastStamp,
            joins,
            Registration.of(theirs).listing(rules),
            PeerNum.NOTHING,
            List.of(),
            null));
  }

  /** What this side had still to do, then what follows from the merge. */
  private List<ListUpdate> updates() {
    List<ListUpdate> updates = new ArrayList<>(ours.updates());
    updates.addAll(noted);
    return updates;
  }

  private static List<RegistrationSnapshot> sorted(
      Map<String, RegistrationSnapshot> byPeer, ToLongFunction<RegistrationSnapshot> timeMs) {
    return byPeer.values().stream().sorted(Comparator.comparingLong(timeMs)).toList();
  }
}
