package io.ppstp.tracker.store.hazelcast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view of a cluster in which one node owns everything, until told otherwise. */
final class FakeReplicas implements Replicas {
  /** Who has copies; null if the node does not own what it has. */
  volatile @Nullable List<String> copies = List.of();

  /** Whether this node has the copies of what others own. */
  volatile boolean copyIsHere;

  /** Who owns what this node does not; null if that is nobody. */
  volatile @Nullable String owner;

  /** Changes with the view. */
  volatile long version;

  @Override
  public String here() {
    return "here";
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public boolean isCopyHere(int partition) {
    return copyIsHere;
  }

  @Override
  public int ofShard(int index) {
    return index;
  }

  @Override
  public int ofSwarm(String swarmId) {
    return swarmId.hashCode();
  }

  @Override
  public @Nullable String otherOwner(int partition) {
    return owner;
  }

  @Override
  public @Nullable List<String> copiesOf(int partition) {
    return copies;
  }
}
