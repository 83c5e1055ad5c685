package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.hazelcast.Applied.Copying;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What letters between nodes hold: errands, and answers to those of earlier letters; immutable. */
sealed interface Parcel {

  /** Returns the number by which an answer finds its errand. */
  long number();

  /** Returns whether another parcel will come in return. */
  boolean isToBeAnswered();

  /** Writes what {@link #read} reads. */
  void write(DataOutput out) throws IOException;

  /**
   * An errand.
   *
   * @param number {@link #NO_ANSWER} if nobody waits for one
   */
  record Order(long number, Errand<?> errand) implements Parcel {
    static final long NO_ANSWER = 0;
    private static final int KIND = 0;

    @Override
    public boolean isToBeAnswered() {
      return number != NO_ANSWER;
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeLong(number);
      errand.write(out);
    }
  }

  /**
   * The answer to an errand.
   *
   * @param content what {@link #contentOf} returned; null if the errand could not be run
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes what was written.
  record Answer(long number, byte @Nullable [] content) implements Parcel {
    private static final int KIND = 1;
    private static final int TYPICAL_BYTES = 256;

    @Override
    public boolean isToBeAnswered() {
      return false;
    }

    /** Returns what came of an errand, as bytes. */
    static byte[] contentOf(Errand<?> errand, Applied<?> applied) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
      DataOutputStream out = new DataOutputStream(bytes);
      errand.writeResult(out, applied.result());
      Copying copying = applied.copying();
      Wire.optional(out, copying == null ? null : copying.errand(), (to, copy) -> copy.write(to));
      return bytes.toByteArray();
    }

    /**
     * Returns what came of {@code errand}; empty if it could not be run.
     *
     * @param here the node that has the only copy, if there is one to be told
     */
    <R> Optional<Applied<R>> to(Errand<R> errand, String here) throws IOException {
      if (content == null) {
        return Optional.empty();
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
      R result = errand.readResult(in);
      Errand<?> copy = Wire.optional(in, Errand::read);
      return Optional.of(
          new Applied<>(
              result,
              copy instanceof Errand.ToCopy toCopy ? new Copying(toCopy, List.of(here)) : null));
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(KIND);
      out.writeLong(number);
      Wire.bytes(out, content);
    }
  }

  /**
   * Reads a parcel.
   *
   * @throws IOException if it is of a kind that is not known here
   */
  static Parcel read(DataInput in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case Order.KIND -> new Order(in.readLong(), Errand.read(in));
      case Answer.KIND -> new Answer(in.readLong(), Wire.optionalBytes(in));
      default -> throw new IOException("parcel of kind " + kind + "; update this node");
    };
  }
}
