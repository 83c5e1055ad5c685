package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.ReplicaMigrationEvent;
import io.ppstp.tracker.store.hazelcast.transport.Lease;
import io.ppstp.tracker.store.hazelcast.transport.MemberView;
import io.ppstp.tracker.store.hazelcast.transport.MemberView.Other;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Who belongs to the cluster, by this node's present view. Lite members hold no state, so they do
 * not count. Thread-safe; asks no other node.
 */
final class Members implements Lease.Membership {
  private final HazelcastInstance hazelcast;
  private final List<Consumer<String>> lost = new CopyOnWriteArrayList<>();
  private final HazelcastInternals internals;
  private volatile MemberView view = new MemberView(new UUID(0, 0), List.of(), 0, false);
  private volatile Set<String> names = Set.of();
  private volatile int seenVersion;
  private volatile boolean merging;
  private int ownership;

  /**
   * Begins to watch.
   *
   * @param internals know the members before Hazelcast tells listeners of them
   */
  Members(HazelcastInstance hazelcast, HazelcastInternals internals) {
    this.hazelcast = hazelcast;
    this.internals = internals;
    refresh();
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipAdapter() {
              @Override
              public void memberAdded(MembershipEvent event) {
                refresh();
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                refresh();
                String name = HazelcastInternals.nameOf(event.getMember().getAddress());
                lost.forEach(listener -> listener.accept(name));
              }
            });
  }

  /** Lets {@code listener} know the names of members that go. */
  void whenLost(Consumer<String> listener) {
    lost.add(listener);
  }

  /** Lets {@code listener} know when partitions have moved. */
  void whenMoved(Runnable listener) {
    hazelcast
        .getPartitionService()
        .addMigrationListener(
            new MigrationListener() {
              @Override
              public void migrationStarted(MigrationState state) {}

              @Override
              public void migrationFinished(MigrationState state) {
                listener.run();
              }

              @Override
              public void replicaMigrationCompleted(ReplicaMigrationEvent event) {}

              @Override
              public void replicaMigrationFailed(ReplicaMigrationEvent event) {}
            });
  }

  /** Looks again. */
  synchronized void refresh() {
    // Before the list itself, which may be younger then: so none is missed.
    int present = internals.memberListVersion();
    Member here = hazelcast.getCluster().getLocalMember();
    List<Other> others = new ArrayList<>();
    int rank = 0;
    boolean hereSeen = false;
    for (Member member : hazelcast.getCluster().getMembers()) {
      if (member.getUuid().equals(here.getUuid())) {
        hereSeen = true;
      } else if (!member.isLiteMember()) {
        rank += hereSeen ? 0 : 1;
        others.add(new Other(HazelcastInternals.nameOf(member.getAddress()), member.getUuid()));
      }
    }
    MemberView now =
        new MemberView(here.getUuid(), List.copyOf(others), rank, internals.isFounder());
    if (!now.equals(view)) {
      view = now;
      names = others.stream().map(Other::name).collect(Collectors.toUnmodifiableSet());
    }
    seenVersion = present;
  }

  /** Notes whether Hazelcast is bringing the state of this member to the other side of a split. */
  void setMerging(boolean now) {
    merging = now;
  }

  @Override
  public boolean isMerging() {
    return merging;
  }

  /** Returns the members as Hazelcast knows them now, whether or not it has told so already. */
  @Override
  public MemberView view() {
    if (internals.memberListVersion() != seenVersion) {
      refresh();
    }
    return view;
  }

  /** Returns whether another member has this name. */
  boolean isMember(String name) {
    return names.contains(name);
  }

  /** Returns whether this node owns other partitions than when this was last asked. */
  synchronized boolean placementChanged() {
    Member here = hazelcast.getCluster().getLocalMember();
    int hash = 1;
    for (Partition partition : hazelcast.getPartitionService().getPartitions()) {
      hash = 31 * hash + (here.equals(partition.getOwner()) ? 1 : 0);
    }
    boolean changed = hash != ownership;
    ownership = hash;
    return changed;
  }
}
