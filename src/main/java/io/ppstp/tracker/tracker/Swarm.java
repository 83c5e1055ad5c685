package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import org.jspecify.annotations.Nullable;

/**
 * The members of one swarm. Every operation is O(1) in the number of members and can be repeated
 * without harm. Not thread-safe: the store guards it.
 *
 * <p>Members whose address is not known stand apart: they count, but no list can name them.
 */
public final class Swarm {
  private final Roster<Member> listed = new Roster<>();
  private final Roster<Member> unlisted = new Roster<>();

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
   * @return the list, or null if none is wanted
   */
  byte @Nullable [] join(Member member, @Nullable Draw draw) {
    byte[] list = draw == null ? null : PeerListDraw.draw(listed, member.id(), draw);
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
  byte[] find(String peerId, PeerNum status, Draw draw) {
    byte[] list = PeerListDraw.draw(listed, peerId, draw);
    if (status.statesStatus()) {
      Member present = member(peerId);
      if (present != null) {
        rosterOf(present).put(present.withStatus(status));
      }
    }
    return list;
  }

  /** Notes a member's statistics; returns false if it is not a member. */
  boolean report(String peerId, StreamStats stats) {
    Member present = member(peerId);
    if (present == null) {
      return false;
    }
    rosterOf(present).put(present.withStats(stats));
    return true;
  }

  private void put(Member member) {
    Roster<Member> home = rosterOf(member);
    (home == listed ? unlisted : listed).remove(member.id());
    home.put(member);
  }

  private Roster<Member> rosterOf(Member member) {
    return member.addresses().isListable() ? listed : unlisted;
  }
}
