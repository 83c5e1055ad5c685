package io.ppstp.tracker.store.hazelcast.transport;

import io.ppstp.tracker.store.hazelcast.codec.Wire;
import io.ppstp.tracker.store.hazelcast.state.Question;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message from one node to another; immutable. None changes any state: nodes ask each other, and
 * show that they live.
 *
 * @param sender name of the node that it is from
 * @param channel of the sender, to which an answer goes
 * @param channels of the sender in all
 */
record Message(String sender, int channel, int channels, Body body) {
  private static final int VERSION = 3;
  private static final int TYPICAL_BYTES = 1024;

  /** What a message says. */
  sealed interface Body {}

  /** Questions that travel together. */
  record Questions(List<Asked> asked) implements Body {
    static final int KIND = 1;
  }

  /** A question, with the number by which its answer finds it. */
  record Asked(long number, Question<?> question) {}

  /** Answers to questions of an earlier message. */
  record Answers(List<Answered> answered) implements Body {
    static final int KIND = 2;
  }

  /**
   * An answer.
   *
   * @param content null if the node cannot answer
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes what was written.
  record Answered(long number, byte @Nullable [] content) {}

  /**
   * Asks whether the receiver sees the same members as the sender.
   *
   * @param view of the sender, see {@link MemberView#fingerprint}
   */
  record Ping(UUID member, long view, long sentNs) implements Body {
    static final int KIND = 3;
  }

  /**
   * Says so.
   *
   * @param sentNs of the {@link Ping}
   * @param clockMs the receiver's clock
   * @param confirms whether it does
   * @param graceNs for how long it would change nothing yet, see {@link GracePeriod}
   */
  record Pong(UUID member, long sentNs, long clockMs, boolean confirms, long graceNs)
      implements Body {
    static final int KIND = 4;
  }

  /** Says that the sender does not speak for the cluster any more, and is about to leave it. */
  record Resign(UUID member) implements Body {
    static final int KIND = 5;
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(VERSION);
    Wire.string(out, sender);
    out.writeShort(channel);
    out.writeShort(channels);
    write(out);
    return bytes.toByteArray();
  }

  private void write(DataOutput out) throws IOException {
    if (body instanceof Questions questions) {
      out.writeByte(Questions.KIND);
      Wire.list(out, questions.asked(), Message::asked);
    } else if (body instanceof Answers answers) {
      out.writeByte(Answers.KIND);
      Wire.list(out, answers.answered(), Message::answered);
    } else if (body instanceof Ping ping) {
      out.writeByte(Ping.KIND);
      uuid(out, ping.member());
      out.writeLong(ping.view());
      out.writeLong(ping.sentNs());
    } else if (body instanceof Pong pong) {
      out.writeByte(Pong.KIND);
      uuid(out, pong.member());
      out.writeLong(pong.sentNs());
      out.writeLong(pong.clockMs());
      out.writeBoolean(pong.confirms());
      out.writeLong(pong.graceNs());
    } else if (body instanceof Resign resign) {
      out.writeByte(Resign.KIND);
      uuid(out, resign.member());
    }
  }

  private static void asked(DataOutput out, Asked asked) throws IOException {
    out.writeLong(asked.number());
    asked.question().write(out);
  }

  private static void answered(DataOutput out, Answered answered) throws IOException {
    out.writeLong(answered.number());
    Wire.bytes(out, answered.content());
  }

  private static void uuid(DataOutput out, UUID uuid) throws IOException {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  private static UUID uuid(DataInput in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  /**
   * Reads a message.
   *
   * @throws IOException if it is none that this release can read
   */
  static Message of(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("message of version " + version);
    }
    return new Message(
        Wire.string(in), in.readUnsignedShort(), Math.max(1, in.readUnsignedShort()), body(in));
  }

  private static Body body(DataInput in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case Questions.KIND ->
          new Questions(Wire.list(in, from -> new Asked(from.readLong(), Question.read(from))));
      case Answers.KIND ->
          new Answers(
              Wire.list(in, from -> new Answered(from.readLong(), Wire.optionalBytes(from))));
      case Ping.KIND -> new Ping(uuid(in), in.readLong(), in.readLong());
      case Pong.KIND ->
          new Pong(uuid(in), in.readLong(), in.readLong(), in.readBoolean(), in.readLong());
      case Resign.KIND -> new Resign(uuid(in));
      default -> throw new IOException("message of kind " + kind);
    };
  }
}
