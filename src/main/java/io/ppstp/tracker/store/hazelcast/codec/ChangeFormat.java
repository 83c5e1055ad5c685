package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.ShardChange;
import io.ppstp.tracker.domain.swarm.SwarmChange;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How changes of state objects travel to their backups. Stateless. */
public final class ChangeFormat {
  private ChangeFormat() {}

  /** Writes a change of a shard of registrations. */
  public static void peers(DataOutput out, ShardChange change) throws IOException {
    out.writeByte(StateFormat.VERSION);
    out.writeLong(change.lastStamp());
    Wire.list(out, change.registered(), RegistrationFormat::registration);
    Wire.list(out, change.terminated(), RegistrationFormat::registration);
    Wire.list(out, change.removed(), Wire::string);
    Wire.list(out, change.heard(), DomainFormat::heard);
    Wire.list(out, change.noted(), StateFormat::update);
    Wire.list(out, change.struckOut(), DataOutput::writeLong);
    out.writeLong(change.forgottenBeforeMs());
  }

  /** Reads a change of a shard of registrations. */
  public static ShardChange peers(DataInput in) throws IOException {
    StateFormat.checkVersion(in);
    return new ShardChange(
        in.readLong(),
        Wire.list(in, RegistrationFormat::registration),
        Wire.list(in, RegistrationFormat::registration),
        Wire.list(in, Wire::string),
        Wire.list(in, DomainFormat::heard),
        Wire.list(in, StateFormat::update),
        Wire.list(in, DataInput::readLong),
        in.readLong());
  }

  /** Writes a change of a shard of swarms. */
  public static void swarms(DataOutput out, SwarmChange change) throws IOException {
    out.writeByte(StateFormat.VERSION);
    Wire.list(out, change.members(), (to, one) -> of(to, one, ChangeFormat::member));
    Wire.list(out, change.statements(), (to, one) -> of(to, one, MemberFormat::statement));
  }

  /** Reads a change of a shard of swarms. */
  public static SwarmChange swarms(DataInput in) throws IOException {
    StateFormat.checkVersion(in);
    return new SwarmChange(
        Wire.list(in, from -> of(from, ChangeFormat::member)),
        Wire.list(in, from -> of(from, MemberFormat::statement)));
  }

  private static <T> void of(DataOutput out, SwarmChange.Of<T> one, Wire.Writer<T> writer)
      throws IOException {
    DomainFormat.swarmKey(out, one.swarm());
    writer.write(out, one.what());
  }

  private static <T> SwarmChange.Of<T> of(DataInput in, Wire.Reader<T> reader) throws IOException {
    return new SwarmChange.Of<>(DomainFormat.swarmKey(in), reader.read(in));
  }

  private static void member(DataOutput out, MemberChange change) throws IOException {
    Wire.string(out, change.peerId());
    out.writeLong(change.stamp());
    Wire.optional(out, change.member(), MemberFormat::member);
  }

  private static MemberChange member(DataInput in) throws IOException {
    return new MemberChange(
        Wire.string(in), in.readLong(), Wire.optional(in, MemberFormat::member));
  }
}
