package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes the empty objects that Hazelcast then reads into. The numbers are part of the format. */
final class NonceFactory implements DataSerializableFactory {
  static final int ID = 7616;
  static final int WINDOW_VALUE = 1;
  static final int USE_PROCESSOR = 2;
  static final int USE_BACKUP = 3;

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    return switch (typeId) {
      case WINDOW_VALUE -> new WindowValue();
      case USE_PROCESSOR -> new UseProcessor();
      case USE_BACKUP -> new UseBackup();
      default -> throw new IllegalArgumentException("no type " + typeId + "; update this node");
    };
  }
}
