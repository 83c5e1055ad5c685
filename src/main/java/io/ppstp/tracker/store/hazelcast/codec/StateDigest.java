package io.ppstp.tracker.store.hazelcast.codec;

import io.ppstp.tracker.domain.ListUpdate;
import io.ppstp.tracker.domain.PeerShard;
import io.ppstp.tracker.domain.ShardSnapshot;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationSnapshot;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.Swarm;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Digests of state objects, by which an owner and a backup find out whether they hold the same: 64
 * bits, equal for equal content in whatever order it stands. Against mistakes, not against forgery.
 * Confined to one thread.
 */
public final class StateDigest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private long sum;

  private StateDigest() {}

  /** Returns the digest of a shard of registrations. Takes time proportional to it. */
  public static long of(PeerShard shard) {
    StateDigest digest = new StateDigest();
    ShardSnapshot snapshot = shard.snapshot();
    for (RegistrationSnapshot registration : snapshot.registrations()) {
      digest.add(1, registration, RegistrationFormat::registration);
    }
    for (ListUpdate update : snapshot.updates()) {
      digest.add(2, update, StateFormat::update);
    }
    for (RegistrationSnapshot ended : snapshot.terminated()) {
      digest.add(3, ended, RegistrationFormat::registration);
    }
    return digest.sum;
  }

  /** Returns the digest of a shard of swarms. Takes time proportional to it. */
  public static long of(SwarmShard shard) {
    StateDigest digest = new StateDigest();
    shard.forEach(swarm -> digest.add(swarm));
    return digest.sum;
  }

  private void add(Swarm swarm) {
    for (Member member : swarm.members()) {
      add(
          4,
          member,
          (to, one) -> {
            Wire.string(to, swarm.id());
            MemberFormat.member(to, one);
          });
    }
  }

  private <T> void add(int kind, T item, Wire.Writer<T> writer) {
    bytes.reset();
    try {
      out.writeByte(kind);
      writer.write(out, item);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes.toByteArray()) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    sum += hash ^ hash >>> 29;
  }
}
