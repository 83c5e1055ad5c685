package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.Request.StreamStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The member lists of many swarms: the index that follows the registrations. A swarm comes to be
 * with its first member and goes with its last. Not thread-safe: the store guards it. Swarms and
 * members are found by keyed hashes, for strangers choose both IDs.
 */
public final class SwarmShard {
  private final IndexedSet<Swarm> swarms = new IndexedSet<>();
  private long members;

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
    Swarm present = swarms.get(key.swarmId());
    if (present == null && change.member() == null) {
      return;
    }
    Swarm swarm = present == null ? new Swarm(key.swarmId()) : present;
    int before = swarm.size();
    swarm.apply(change);
    members += swarm.size() - before;
    settle(present, swarm);
  }

  /** Notes what a member of one swarm states about itself; returns its report before, if any. */
  public @Nullable StreamStats apply(SwarmKey key, Statement statement) {
    Swarm swarm = swarms.get(key.swarmId());
    if (swarm == null) {
      return null;
    }
    Member before = swarm.member(statement.peerId());
    swarm.apply(statement);
    return before == null ? null : before.stats();
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
