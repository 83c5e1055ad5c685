package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.ppstp.tracker.store.hazelcast.state.ChangeProcessor.ApplyProcessor;

/** Makes the empty objects that Hazelcast then reads into. The numbers are part of the format. */
public final class StateFactory implements DataSerializableFactory {
  /** The number of this factory. */
  public static final int ID = 7846;

  private static final int PEERS_VALUE = 11;
  private static final int SWARMS_VALUE = 12;
  static final int CHANGE_PROCESSOR = 13;
  static final int APPLY_PROCESSOR = 14;
  static final int REPLACE_PROCESSOR = 15;
  static final int QUERY_PROCESSOR = 16;

  /** For a configuration. */
  public StateFactory() {}

  static int classIdOf(StateKind<?, ?, ?> kind) {
    return kind == StateKind.PEERS ? PEERS_VALUE : SWARMS_VALUE;
  }

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    return switch (typeId) {
      case PEERS_VALUE -> new StateValue<>(StateKind.PEERS);
      case SWARMS_VALUE -> new StateValue<>(StateKind.SWARMS);
      case CHANGE_PROCESSOR -> new ChangeProcessor<>();
      case APPLY_PROCESSOR -> new ApplyProcessor<>();
      case REPLACE_PROCESSOR -> new ReplaceProcessor<>();
      case QUERY_PROCESSOR -> new QueryProcessor<>();
      default -> throw new IllegalArgumentException("no type " + typeId + "; update this node");
    };
  }
}
