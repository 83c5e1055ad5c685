package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The members of one swarm. Every operation is O(1) in the number of members and can be repeated
 * without harm. Not thread-safe: the store guards it.
 *
 * <p>Members whose address is not known stand apart: they count, but no list can name them.
 */
public final class Swarm {
  private final IndexedSet<Member> listed = new IndexedSet<>();
  private final IndexedSet<Member> unlisted = new IndexedSet<>();

  /** Makes a swarm without members. */
  public Swarm() {}

  /** Makes a swarm of {@code members}. */
  public Swarm(Collection<Member> members) {
    members.forEach(this::put);
  }

  /** Returns all members, in no order. Takes time proportional to their number. */
  public List<Member> members() {
    return slice(0, size());
  }

  /** Returns at most {@code count} members from position {@code from} on. */
  public List<Member> slice(int from, int count) {
    int end = (int) Math.min(size(), (long) from + count);
    List<Member> slice = new ArrayList<>(Math.max(0, end - from));
    for (int i = from; i < end; i++) {
      slice.add(i < listed.size() ? listed.at(i) : unlisted.at(i - listed.size()));
    }
    return slice;
  }

  /** How a merge came out: the union, and the members that had to give way in it. */
  public record Merge(Swarm union, int added, int dropped) {}

  /** Unites two histories of one swarm that went apart; of each peer the younger member stays. */
  public Merge mergedWith(Swarm other) {
    Swarm union = new Swarm(members());
    int added = 0;
    int dropped = 0;
    for (Member theirs : other.members()) {
      Member ours = union.member(theirs.id());
      added += ours == null ? 1 : 0;
      dropped += ours == null ? 0 : 1;
      if (ours == null || theirs.stamp() > ours.stamp()) {
        union.put(theirs);
      }
    }
    return new Merge(union, added, dropped);
  }

  /** Returns the number of members, listed or not. */
  public int size() {
    return listed.size() + unlisted.size();
  }

  /** Returns the member with this ID, or null. */
  public @Nullable Member member(String peerId) {
    Member member = listed.get(peerId);
    return member == null ? unlisted.get(peerId) : member;
  }

  /**
   * Draws a list, then takes {@code member} in, so that nothing has to be filtered out. A member
   * that came with this CONNECT already, or with a younger one, stays as it is; a refreshed one
   * keeps what it stated before and does not state anew.
   *
   * @param draw null if no list is wanted
   */
  PeerList join(Member member, @Nullable Draw draw) {
    PeerList list =
        draw == null ? PeerList.NOT_WANTED : PeerListDraw.draw(listed, member.id(), draw);
    Member present = member(member.id());
    if (present == null) {
      put(member);
    } else if (present.stamp() < member.stamp()) {
      put(member.keepingStatementsOf(present));
    }
    return list;
  }

  /** Removes a member unless a CONNECT younger than {@code stamp} brought it here. */
  boolean leave(String peerId, long stamp) {
    Member present = member(peerId);
    if (present == null || present.stamp() > stamp) {
      return false;
    }
    rosterOf(present).remove(peerId);
    return true;
  }

  /** Draws a list and notes the requester's status. */
  PeerList find(String peerId, PeerNum status, Draw draw) {
    PeerList list = PeerListDraw.draw(listed, peerId, draw);
    if (status.statesStatus()) {
      change(peerId, member -> member.withStatus(status));
    }
    return list;
  }

  /** Notes a member's statistics; returns false if it is not a member. */
  boolean report(String peerId, StreamStats stats) {
    return change(peerId, member -> member.withStats(stats));
  }

  /** Puts another statement in a member's place, which leaves it listed or not as it was. */
  private boolean change(String peerId, UnaryOperator<Member> statement) {
    return listed.replace(peerId, statement) || unlisted.replace(peerId, statement);
  }

  /** Notes where a member is, unless a CONNECT younger than {@code stamp} did; returns whether. */
  boolean readdress(String peerId, long stamp, Listing listing) {
    Member present = member(peerId);
    if (present == null || present.stamp() > stamp) {
      return false;
    }
    put(present.withListing(stamp, listing));
    return true;
  }

  private void put(Member member) {
    IndexedSet<Member> home = rosterOf(member);
    (home == listed ? unlisted : listed).remove(member.id());
    home.put(member);
  }

  private IndexedSet<Member> rosterOf(Member member) {
    return member.addresses().isListable() ? listed : unlisted;
  }
}
