package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes the empty objects that Hazelcast then reads into. The numbers are part of the format. */
final class StateFactory implements DataSerializableFactory {
  static final int ID = 7846;
  static final int SHARD_VALUE = 1;
  static final int SWARM_VALUE = 2;
  static final int PEER_PROCESSOR = 3;
  static final int PEER_BACKUP = 4;
  static final int SWARM_PROCESSOR = 5;
  static final int SWARM_BACKUP = 6;
  static final int COUNT_PROCESSOR = 7;

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    return switch (typeId) {
      case SHARD_VALUE -> new ShardValue();
      case SWARM_VALUE -> new SwarmValue();
      case PEER_PROCESSOR -> new PeerProcessor<>();
      case PEER_BACKUP -> new PeerBackup();
      case SWARM_PROCESSOR -> new SwarmProcessor<>();
      case SWARM_BACKUP -> new SwarmBackup();
      case COUNT_PROCESSOR -> new CountProcessor();
      default -> throw new IllegalArgumentException("no type " + typeId + "; update this node");
    };
  }
}
