package io.ppstp.tracker.store.hazelcast;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A view of a cluster in which one node owns everything, until told otherwise. */
final class FakeReplicas implements Replicas {
  /** Who has copies; null if the node does not own what it has. */
  volatile @Nullable List<UUID> copies = List.of();

  @Override
  public int ofShard(int index) {
    return index;
  }

  @Override
  public int ofSwarm(String swarmId) {
    return swarmId.hashCode();
  }

  @Override
  public @Nullable UUID otherOwner(int partition) {
    return null;
  }

  @Override
  public @Nullable List<UUID> copiesOf(int partition) {
    return copies;
  }
}
