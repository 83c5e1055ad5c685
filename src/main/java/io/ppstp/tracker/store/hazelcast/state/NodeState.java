package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.core.HazelcastInstance;
import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.ShardChange.Heard;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.store.CountedBudget;
import io.ppstp.tracker.store.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * What entry processors and merge policies find on the node that they run on. Never travels.
 * Thread-safe.
 */
public final class NodeState {
  private static final String CONTEXT_KEY = "ppstp.node";

  private final CountedBudget budget;
  private final boolean smallerSideRefuses;
  private final AddressRules addressRules;
  private final HeardPeers heard = new HeardPeers();
  private final LongAdder merged = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private volatile UpdateSink updates = UpdateSink.NONE;
  private volatile SwarmObserver observer = SwarmObserver.NONE;
  private volatile Owners owners = Owners.NOBODY;
  private volatile BooleanSupplier mayChange = () -> false;

  /** Who owns the shards of registrations, by this node's view of the cluster. Thread-safe. */
  public interface Owners {
    /** No view yet. */
    Owners NOBODY =
        new Owners() {
          @Override
          public UUID here() {
            return new UUID(0, 0);
          }

          @Override
          public boolean isOwner(UUID member, int peerShard) {
            return false;
          }
        };

    /** Returns this node, as the cluster knows it now. */
    UUID here();

    /** Returns whether a member owns a shard of registrations. */
    boolean isOwner(UUID member, int peerShard);
  }

  /**
   * Makes the state of a node.
   *
   * @param maximumPeers registrations that it takes charge of at most
   * @param smallerSideRefuses whether the smaller side of a network split acknowledges nothing
   * @param addressRules for the addresses of peers that lists are to name again
   */
  public NodeState(int maximumPeers, boolean smallerSideRefuses, AddressRules addressRules) {
    this.budget = new CountedBudget(maximumPeers);
    this.smallerSideRefuses = smallerSideRefuses;
    this.addressRules = addressRules;
  }

  /**
   * Puts this where {@link #of} finds it, in the context of an instance or of its configuration.
   */
  public void attachTo(Map<String, Object> userContext) {
    userContext.put(CONTEXT_KEY, this);
  }

  /** Returns the state of the node that {@code hazelcast} is. */
  public static NodeState of(HazelcastInstance hazelcast) {
    Object state = hazelcast.getUserContext().get(CONTEXT_KEY);
    if (state instanceof NodeState node) {
      return node;
    }
    throw new IllegalStateException("this member holds no tracker state");
  }

  /**
   * Lets processors know what stands on this node from now on.
   *
   * @param permission whether this node may execute changes of registrations as their owner
   */
  public void connect(UpdateSink sink, Owners view, BooleanSupplier permission) {
    updates = sink;
    owners = view;
    mayChange = permission;
  }

  /** Returns whether this node may execute changes of registrations now. */
  boolean mayChange() {
    return mayChange.getAsBoolean();
  }

  /** Counts registrations in the shards that this node owns, against this node's share. */
  public CountedBudget budget() {
    return budget;
  }

  /** Returns whom this node has heard of. */
  public HeardPeers heard() {
    return heard;
  }

  UpdateSink updates() {
    return updates;
  }

  /** Tells {@code told} from now on what happens in the lists that this node owns. */
  public void observe(SwarmObserver told) {
    observer = told;
  }

  SwarmObserver observer() {
    return observer;
  }

  boolean isThis(UUID member) {
    return owners.here().equals(member);
  }

  boolean isOwner(UUID member, int peerShard) {
    return owners.isOwner(member, peerShard);
  }

  boolean smallerSideRefuses() {
    return smallerSideRefuses;
  }

  /** Returns the rules for the addresses of peers that lists are to name again. */
  public AddressRules addressRules() {
    return addressRules;
  }

  void countMerge(int addedEntries, int droppedEntries) {
    merged.add(addedEntries);
    dropped.add(droppedEntries);
  }

  /** Returns the registrations and members that merges after network splits have added here. */
  public long merged() {
    return merged.sum();
  }

  /** Returns the registrations and members that merges have dropped here. */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Who lets the lists of swarms follow the registrations that this node owns. Thread-safe; no
   * method blocks, for they are called on the threads of partitions.
   */
  public interface UpdateSink {
    /** Takes nothing up. */
    UpdateSink NONE =
        new UpdateSink() {
          @Override
          public void noted(int shard, List<ListUpdate> updates) {}

          @Override
          public List<Long> takeFollowed(int shard) {
            return List.of();
          }

          @Override
          public boolean isBehind() {
            return false;
          }
        };

    /** Takes up what was just noted in a shard that this node owns. */
    void noted(int shard, List<ListUpdate> updates);

    /** Returns, once each, the stamps of a shard's updates that lists have followed. */
    List<Long> takeFollowed(int shard);

    /** Returns whether so much waits that no more should be added. */
    boolean isBehind();
  }

  /**
   * The peers that this node has heard of and the owners of their shards may not know about yet.
   * Thread-safe.
   *
   * <p>Most requests change nothing but when a peer was last heard of. An operation for each would
   * cost more than all the rest; so they are passed on many at a time, and the owner asks for them
   * before it lets anybody expire.
   */
  public static final class HeardPeers {
    private final List<Map<String, Long>> byShard = new ArrayList<>(Shards.PEERS);

    /** Makes one that has heard of nobody. */
    public HeardPeers() {
      for (int i = 0; i < Shards.PEERS; i++) {
        byShard.add(new HashMap<>(0));
      }
    }

    /** Notes that a peer was heard of. */
    public void note(int shard, Heard heard) {
      Map<String, Long> peers = byShard.get(shard);
      synchronized (peers) {
        peers.merge(heard.peerId(), heard.atMs(), Math::max);
      }
    }

    /** Returns who was heard of and when. */
    public List<Heard> of(int shard) {
      Map<String, Long> peers = byShard.get(shard);
      synchronized (peers) {
        List<Heard> all = new ArrayList<>(peers.size());
        peers.forEach((peerId, atMs) -> all.add(new Heard(peerId, atMs)));
        return all;
      }
    }

    /** Forgets what the owner has been told, except of whom was heard again since. */
    public void told(int shard, List<Heard> heard) {
      Map<String, Long> peers = byShard.get(shard);
      synchronized (peers) {
        for (Heard one : heard) {
          peers.remove(one.peerId(), one.atMs());
        }
      }
    }
  }
}
