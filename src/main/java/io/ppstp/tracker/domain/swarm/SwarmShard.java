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

  private record Reporter(SwarmKey swarm, String peerId) {}

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
    tellIfGone(present, change, observer);
    Swarm swarm = present == null ? new Swarm(key.swarmId()) : present;
    int before = swarm.size();
    int seedersBefore = swarm.seeders();
    swarm.apply(change);
    members += swarm.size() - before;
    settle(present, swarm);
    if (swarm.size() > before || (change.member() != null && swarm.seeders() != seedersBefore)) {
      observer.grown(swarm.id(), swarm.size() - swarm.seeders(), swarm.seeders());
    }
  }

  private static void tellIfGone(
      @Nullable Swarm swarm, MemberChange change, SwarmObserver observer) {
    Member member = goingFrom(swarm, change);
    if (swarm != null && member != null) {
      observer.gone(swarm.id(), member, member.stats());
    }
  }

  private static @Nullable Member goingFrom(@Nullable Swarm swarm, MemberChange change) {
    Member member = swarm == null || change.member() != null ? null : swarm.member(change.peerId());
    return member == null || member.stamp() > change.stamp() ? null : member;
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

  private static void tellReport(
      @Nullable Member member, Statement statement, SwarmObserver observer) {
    StreamStats stats = statement.stats();
    if (stats != null && member != null) {
      observer.reported(member.mode(), member.id(), member.stats(), stats);
    } else if (stats != null) {
      observer.reportedLate(statement.peerId(), stats);
    }
  }

  /**
   * Tells {@code observer} what {@code change}, which is about to be applied, means: who reports,
   * and who goes. Somebody who goes by the same change has reported before that.
   */
  public void tellBefore(SwarmChange change, SwarmObserver observer) {
    Map<Reporter, StreamStats> reports = new HashMap<>(0);
    for (SwarmChange.Of<Statement> one : change.statements()) {
      StreamStats stats = one.what().stats();
      if (stats != null && !change.members().isEmpty()) {
        reports.put(new Reporter(one.swarm(), one.what().peerId()), stats);
      }
      Swarm swarm = swarms.get(one.swarm().swarmId());
      Member member = swarm == null ? null : swarm.member(one.what().peerId());
      tellReport(member == null ? comingBy(change, one) : member, one.what(), observer);
    }
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      Swarm swarm = swarms.get(one.swarm().swarmId());
      Member going = goingFrom(swarm, one.what());
      if (swarm != null && going != null) {
        StreamStats last = reports.get(new Reporter(one.swarm(), going.id()));
        observer.gone(swarm.id(), going, last == null ? going.stats() : last);
      }
    }
  }

  private static @Nullable Member comingBy(SwarmChange change, SwarmChange.Of<Statement> report) {
    Member coming = null;
    for (SwarmChange.Of<MemberChange> one : change.members()) {
      boolean same = one.what().peerId().equals(report.what().peerId());
      coming = same && one.swarm().equals(report.swarm()) ? one.what().member() : coming;
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
