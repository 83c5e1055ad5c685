package io.ppstp.tracker.store.hazelcast;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Parcels that travel together; immutable.
 *
 * @param sender the node that they are from
 * @param sentMs when, by the clock of the cluster
 */
record Letter(String sender, long sentMs, List<Parcel> parcels) {
  private static final int VERSION = 1;
  private static final int TYPICAL_BYTES = 4096;

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    Wire.string(out, sender);
    out.writeLong(sentMs);
    Wire.list(out, parcels, (to, parcel) -> parcel.write(to));
    return bytes.toByteArray();
  }

  /**
   * Reads a letter.
   *
   * @throws IOException if it is none that this release can read
   */
  static Letter of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("letter of version " + version + "; update this node");
    }
    return new Letter(Wire.string(in), in.readLong(), Wire.list(in, Parcel::read));
  }
}
