package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.Request.StreamStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The member lists of many swarms: the index that follows the registrations. A swarm comes to be
 * with its first member and goes with its last. Not thread-safe: the store guards it. Swarms and
 * members are found by keyed hashes, for strangers choose both IDs.
 */
public final class SwarmShard {
  private final IndexedSet<Swarm> swarms = new IndexedSet<>();
  private final ToldRates told = new ToldRates();
  private long members;

  private record SwarmMember(SwarmKey swarm, String peerId) {}

  /** Makes a shard without swarms. */
  public SwarmShard() {}

  /** Returns the number of swarms. */
  public int size() {
    return swarms.size();
  }

  /** Returns the number of members of all swarms together. */
  public long members() {
    return members;
  }

  /** Returns how often members were preferred, which questions may count. */
  ToldRates told() {
    return told;
  }

  /** Returns the swarm with this ID, or null. */
  public @Nullable Swarm swarm(String swarmId) {
    return swarms.get(swarmId);
  }

  /** Visits all swarms, in no order. */
  public void forEach(Consumer<Swarm> visitor) {
    for (int i = 0; i < swarms.size(); i++) {
      visitor.accept(swarms.at(i));
    }
  }

  /** Returns the IDs of at most {@code count} swarms from a position on. */
  public List<String> ids(int from, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < Math.min(swarms.size(), from + count); i++) {
      ids.add(swarms.at(i).id());
    }
    return ids;
  }

  /** Changes lists as {@code change} says; may be repeated, and come late. */
  public void apply(SwarmChange change) {
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      apply(one.swarm(), one.what());
    }
    for (SwarmChange.Of<Statement> one : change.statements()) {
      Swarm swarm = swarms.get(one.swarm().swarmId());
      if (swarm != null) {
        swarm.apply(one.what());
      }
    }
  }

  /** Changes one member of one swarm. */
  public void apply(SwarmKey key, MemberChange change) {
    apply(key, change, SwarmObserver.NONE);
  }

  /** Changes one member of one swarm, and tells {@code observer}. */
  public void apply(SwarmKey key, MemberChange change, SwarmObserver observer) {
    Swarm present = swarms.get(key.swarmId());
    if (present == null && change.member() == null) {
      return;
    }
    Member known = present == null ? null : present.member(change.peerId());
    Member going = goingBy(change, known);
    if (present != null && going != null) {
      observer.gone(present.id(), going, going.stats());
    }
    Swarm swarm = present == null ? new Swarm(key.swarmId()) : present;
    int before = swarm.size();
    int seedersBefore = swarm.seeders();
    swarm.apply(change, known);
    members += swarm.size() - before;
    settle(present, swarm);
    if (swarm.size() > before || (change.member() != null && swarm.seeders() != seedersBefore)) {
      observer.grown(swarm.id(), swarm.size() - swarm.seeders(), swarm.seeders());
    }
  }

  private static @Nullable Member goingBy(MemberChange change, @Nullable Member member) {
    boolean goes = change.member() == null && member != null && member.stamp() <= change.stamp();
    return goes ? member : null;
  }

  /** Notes what a member of one swarm states about itself; returns its report before, if any. */
  public @Nullable StreamStats apply(SwarmKey key, Statement statement) {
    return apply(key, statement, SwarmObserver.NONE);
  }

  /** As {@link #apply(SwarmKey, Statement)}, and tells {@code observer}. */
  public @Nullable StreamStats apply(SwarmKey key, Statement statement, SwarmObserver observer) {
    Swarm swarm = swarms.get(key.swarmId());
    Member member = swarm == null ? null : swarm.member(statement.peerId());
    tellReport(member, statement, observer);
    if (swarm != null && member != null) {
      swarm.apply(statement);
    }
    return member == null ? null : member.stats();
  }

  /** Returns false if nobody knows whose report it is. */
  private static boolean tellReport(
      @Nullable Member member, Statement statement, SwarmObserver observer) {
    StreamStats stats = statement.stats();
    if (stats == null) {
      return true;
    }
    if (member == null) {
      return observer.reportedLate(statement.peerId(), stats);
    }
    observer.reported(member.mode(), member.id(), member.stats(), stats);
    return true;
  }

  /**
   * Tells {@code observer} what {@code change}, which is about to be applied, means: who reports,
   * and who goes. Somebody who goes by the same change has reported before that.
   *
   * @return the places of the reports of those of whom nobody knows: their JOIN may be on its way
   */
  public List<Integer> tellBefore(SwarmChange change, SwarmObserver observer) {
    Map<SwarmMember, StreamStats> reports = new HashMap<>(0);
    Map<SwarmMember, Member> coming = comingBy(change);
    List<Integer> unknown = new ArrayList<>(0);
    for (int i = 0; i < change.statements().size(); i++) {
      SwarmChange.Of<Statement> one = change.statements().get(i);
      SwarmMember who = new SwarmMember(one.swarm(), one.what().peerId());
      StreamStats stats = one.what().stats();
      if (stats != null && !change.members().isEmpty()) {
        reports.put(who, stats);
      }
      Swarm swarm = swarms.get(one.swarm().swarmId());
      Member member = swarm == null ? null : swarm.member(who.peerId());
      if (!tellReport(member == null ? coming.get(who) : member, one.what(), observer)) {
        unknown.add(i);
      }
    }
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      if (one.what().member() == null) {
        SwarmMember who = new SwarmMember(one.swarm(), one.what().peerId());
        Swarm swarm = swarms.get(one.swarm().swarmId());
        Member member = swarm == null ? null : swarm.member(who.peerId());
        Member going = goingBy(one.what(), member == null ? coming.get(who) : member);
        if (going != null) {
          StreamStats last = reports.get(who);
          observer.gone(one.swarm().swarmId(), going, last == null ? going.stats() : last);
        }
      }
    }
    return unknown;
  }

  /** Returns who comes by a change by which others go or report, or the same go again. */
  private static Map<SwarmMember, Member> comingBy(SwarmChange change) {
    boolean others =
        !change.statements().isEmpty()
            || change.members().stream().anyMatch(one -> one.what().member() == null);
    Map<SwarmMember, Member> coming = new HashMap<>(0);
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      Member member = one.what().member();
      if (others && member != null) {
        coming.put(new SwarmMember(one.swarm(), member.id()), member);
      }
    }
    return coming;
  }

  /**
   * Tells {@code observer} how large the swarms are to which {@code change} has brought anybody.
   */
  public void tellAfter(SwarmChange change, SwarmObserver observer) {
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      Swarm swarm = one.what().member() == null ? null : swarms.get(one.swarm().swarmId());
      if (swarm != null) {
        observer.grown(swarm.id(), swarm.size() - swarm.seeders(), swarm.seeders());
      }
    }
  }

  /** Takes a member in as it is, unless a younger one is there; returns whether it is new here. */
  public boolean unite(String swarmId, Member member) {
    Swarm present = swarms.get(swarmId);
    Swarm swarm = present == null ? new Swarm(swarmId) : present;
    Member known = swarm.member(member.id());
    if (known == null || member.stamp() > known.stamp()) {
      swarm.put(member);
      members += known == null ? 1 : 0;
      settle(present, swarm);
    }
    return known == null;
  }

  private void settle(@Nullable Swarm present, Swarm swarm) {
    if (swarm.size() == 0) {
      swarms.remove(swarm.id());
    } else if (present == null) {
      swarms.put(swarm);
    }
  }
}
