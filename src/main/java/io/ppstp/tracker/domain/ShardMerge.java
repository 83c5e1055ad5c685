package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.Departure.Ended;
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
      RegistrationSnapshot gone = ended.get(their.peerId());
      if (gone != null && their.endedWith(gone)) {
        tellOnly(their, null, gone);
        continue;
      }
      RegistrationSnapshot our = byPeer.get(their.peerId());
      added += our == null ? 1 : 0;
      if (our == null || isKept(their, our)) {
        leaveWhereOnly(our, their, their);
        join(their);
        byPeer.put(their.peerId(), their);
      } else {
        tellOnly(their, our, our);
      }
    }
    List<RegistrationSnapshot> over =
        byPeer.values().stream().filter(it -> it.endedWith(ended.get(it.peerId()))).toList();
    for (RegistrationSnapshot it : over) {
      byPeer.remove(it.peerId());
      leaveWhereOnly(it, null, ended.get(it.peerId()));
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

  /**
   * Lets lists know {@code given} no more where {@code kept} is not, and tells of it.
   *
   * @param other what there is of the peer on the other side, whether it is kept or has ended
   */
  private void leaveWhereOnly(
      @Nullable RegistrationSnapshot given,
      @Nullable RegistrationSnapshot kept,
      @Nullable RegistrationSnapshot other) {
    if (given == null || other == null) {
      return;
    }
    Set<SwarmKey> stays = kept == null ? Set.of() : kept.memberships().keySet();
    List<SwarmKey> leaves =
        given.memberships().keySet().stream().filter(swarm -> !stays.contains(swarm)).toList();
    if (!leaves.isEmpty()) {
      noted.add(
          ListUpdate.leaving(given.peerId(), ++lastStamp, leaves, departure(given, kept, other)));
    }
  }

  /** Tells of what was on the other side only: the lists of this side do not name it. */
  private void tellOnly(
      RegistrationSnapshot their, @Nullable RegistrationSnapshot kept, RegistrationSnapshot other) {
    // What nobody has acknowledged was told to nobody.
    Departure departure = preferOurs ? null : departure(their, kept, other);
    // A merge may come twice.
    if (departure != null
        && ours.updates().stream().noneMatch(update -> departure.equals(update.departure()))) {
      noted.add(ListUpdate.leaving(their.peerId(), ++lastStamp, departure.swarms(), departure));
    }
  }

  /**
   * Returns the memberships that end with the merge, null if there are none: those that have begun
   * since the split. The end of an older one was told on the side that knows it no more.
   */
  private static @Nullable Departure departure(
      RegistrationSnapshot given, @Nullable RegistrationSnapshot kept, RegistrationSnapshot other) {
    long commonMs = commonUntilMs(given, other);
    List<Ended> ended = new ArrayList<>(0);
    given
        .memberships()
        .forEach(
            (swarm, there) -> {
              boolean stays = kept != null && kept.memberships().containsKey(swarm);
              if (!stays && there.sinceMs() > commonMs) {
                ended.add(new Ended(swarm, there.lastedMs(given.lastSeenMs())));
              }
            });
    Departure.Cause cause = kept == null ? Departure.Cause.MERGED_AWAY : Departure.Cause.MERGED;
    return ended.isEmpty() ? null : new Departure(given.peerId(), given.lastSeenMs(), ended, cause);
  }

  /**
   * Returns until when two histories of a peer are the same, as far as they remember: the last
   * CONNECT that both know. If that is forgotten it is older than what is remembered; and if one of
   * them registered anew the other is what it was until then.
   */
  private static long commonUntilMs(RegistrationSnapshot one, RegistrationSnapshot other) {
    for (LastConnect its = one.lastConnect(); its != null; its = its.earlier()) {
      for (LastConnect also = other.lastConnect(); also != null; also = also.earlier()) {
        if (its.stamp() == also.stamp() && its.seed() == also.seed()) {
          return its.atMs();
        }
      }
    }
    if (one.connectedAtMs() > other.connectedAtMs()) {
      return Long.MIN_VALUE;
    }
    return one.connectedAtMs() < other.connectedAtMs()
        ? other.connectedAtMs()
        : oldestMs(other.lastConnect());
  }

  private static long oldestMs(LastConnect last) {
    LastConnect oldest = last;
    for (LastConnect next = last; next != null; next = next.earlier()) {
      oldest = next;
    }
    return oldest.atMs();
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
