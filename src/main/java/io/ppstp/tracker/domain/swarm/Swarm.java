package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.IndexedSet.Identified;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of one swarm, as lists name them. Every operation is O(1) in the number of members
 * and can be repeated without harm. Confined to its {@link SwarmShard}.
 *
 * <p>Members whose address is not known stand apart: they count, but no list can name them.
 */
public final class Swarm implements Identified {
  private final String id;
  private final IndexedSet<Member> listed = new IndexedSet<>();
  private final IndexedSet<Member> unlisted = new IndexedSet<>();
  private int seeders;

  /** Find members by where they are; null until there is one whose place is known. */
  private @Nullable Places places;

  private record Places(PlaceIndex listed, PlaceIndex unlisted) {}

  /** Makes a swarm without members. */
  public Swarm(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
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
      slice.add(at(i));
    }
    return slice;
  }

  /** Returns the number of members, listed or not. */
  public int size() {
    return listed.size() + unlisted.size();
  }

  /** Returns how many of them are seeders. */
  public int seeders() {
    return seeders;
  }

  /** Returns the member with this ID, or null. */
  public @Nullable Member member(String peerId) {
    int hash = IdHash.of(peerId);
    Member member = listed.get(peerId, hash);
    return member == null ? unlisted.get(peerId, hash) : member;
  }

  /**
   * Takes a member in, or removes it, unless a younger change did so already. A member that comes
   * again keeps what it stated before and does not state anew.
   */
  public void apply(MemberChange change) {
    apply(change, member(change.peerId()));
  }

  /**
   * The same.
   *
   * @param present the member with that ID, null if there is none
   */
  void apply(MemberChange change, @Nullable Member present) {
    if (present != null && present.stamp() > change.stamp()) {
      return;
    }
    Member member = change.member();
    if (member == null) {
      if (present != null) {
        remove(homeOf(present), change.peerId());
        seeders -= seeders(present);
      }
    } else if (present == null) {
      put(null, member);
    } else if (present.stamp() < change.stamp()) {
      put(present, member.keepingStatementsOf(present));
    }
  }

  /** Notes what a member states about itself; nothing if it is no member. */
  public void apply(Statement statement) {
    String peerId = statement.peerId();
    if (!listed.replace(peerId, member -> member.stating(statement).in(id))) {
      unlisted.replace(peerId, member -> member.stating(statement).in(id));
    }
  }

  /** Draws a list of members other than {@code requester}. */
  PeerList draw(String requester, Draw draw, ToldRates told) {
    return PeerListDraw.draw(listed, indexOf(listed), requester, draw, told);
  }

  /** Chooses as for a list that a member would be told, and says why. */
  List<Reason> explain(
      String requester, @Nullable IpAddress ip, int count, long seed, Selection selection) {
    int at = listed.positionOf(requester);
    Member asker = member(requester);
    PeerNum wish = asker == null ? PeerNum.NOTHING : asker.status();
    Draw draw = new Draw(count, wish, seed, 0, true, ip, selection);
    return new Choice(Pool.of(listed, indexOf(listed)), at, draw, new ToldRates()).reasons();
  }

  /** Draws at most {@code count} members other than {@code requester}, listed or not. */
  PeerList.MemberDraw drawMembers(
      String requester, int count, long seed, Selection selection, ToldRates told) {
    if (count > 0 && !selection.isRandom()) {
      return choose(requester, count, seed, selection, told);
    }
    int all = size();
    int looks = Math.min(all, count == 0 ? 0 : count + 1);
    List<String> ids = new ArrayList<>(looks);
    RandomPositions positions = new RandomPositions(seed, all, looks);
    for (int i = 0; i < looks && ids.size() < count; i++) {
      String drawn = at(positions.next()).id();
      if (!drawn.equals(requester)) {
        ids.add(drawn);
      }
    }
    return new PeerList.MemberDraw(seeders, all, ids);
  }

  private PeerList.MemberDraw choose(
      String requester, int count, long seed, Selection selection, ToldRates told) {
    int at = listed.positionOf(requester);
    if (at < 0) {
      int among = unlisted.positionOf(requester);
      at = among < 0 ? -1 : listed.size() + among;
    }
    Pool pool = Pool.of(Pool.of(listed, indexOf(listed)), Pool.of(unlisted, indexOf(unlisted)));
    Draw draw = new Draw(count, PeerNum.NOTHING, seed, 0, true, null, selection);
    Member[] chosen = new Choice(pool, at, draw, told).members();
    List<String> ids = new ArrayList<>(chosen.length);
    for (Member member : chosen) {
      ids.add(member.id());
    }
    return new PeerList.MemberDraw(seeders, size(), ids);
  }

  /**
   * Draws the addresses of members other than {@code requester}. The wish and the number of bytes
   * do not matter.
   */
  CompactList drawCompact(String requester, Draw draw, ToldRates told) {
    Member[] drawn =
        draw.count() == 0
            ? new Member[0]
            : PeerListDraw.sample(listed, indexOf(listed), listed.positionOf(requester), draw, told)
                .members();
    return CompactList.of(drawn, draw.requesterIp(), seeders, size());
  }

  private Member at(int position) {
    return position < listed.size() ? listed.at(position) : unlisted.at(position - listed.size());
  }

  /** Adds a member, or takes it in place of the one with its ID. */
  public void put(Member member) {
    put(member(member.id()), member.in(id));
  }

  private void put(@Nullable Member before, Member member) {
    IndexedSet<Member> home = homeOf(member);
    if (before != null && homeOf(before) != home) {
      remove(homeOf(before), member.id());
    }
    if (places == null && member.network() != Place.NOWHERE) {
      places = new Places(new PlaceIndex(listed), new PlaceIndex(unlisted));
    }
    PlaceIndex index = indexOf(home);
    if (index == null) {
      home.put(member);
    } else {
      int at = home.positionOf(member.id());
      if (at >= 0) {
        index.leaving(at);
      }
      home.put(member);
      index.added(at >= 0 ? at : home.size() - 1);
    }
    seeders += seeders(member) - (before == null ? 0 : seeders(before));
  }

  private void remove(IndexedSet<Member> home, String peerId) {
    PlaceIndex index = indexOf(home);
    if (index == null) {
      home.remove(peerId);
    } else {
      index.removing(home.positionOf(peerId));
      home.remove(peerId);
      index.removed();
    }
  }

  private @Nullable PlaceIndex indexOf(IndexedSet<Member> home) {
    return places == null ? null : home == listed ? places.listed() : places.unlisted();
  }

  private static int seeders(Member member) {
    return member.mode() == PeerMode.SEEDER ? 1 : 0;
  }

  private IndexedSet<Member> homeOf(Member member) {
    return member.addresses().isListable() ? listed : unlisted;
  }
}
