package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;

/**
 * A state object as the value of a clustered map. Thread-safe: the thread of its partition changes
 * it, and any thread may read it; a reader sees it as it was between two changes.
 *
 * <p>Whoever reads looks the value up in the map each time, and so never reads one that a migration
 * or a promotion has put another in the place of.
 *
 * @param <S> the state object
 * @param <C> its changes
 */
public final class StateValue<S, C> implements IdentifiedDataSerializable {
  private final StateKind<S, C, ?> kind;
  private final StampedLock lock = new StampedLock();
  private S state;

  /** Of changes since the shard came to be; owner and backups count alike. */
  private long version;

  /** When this came to be on this node, by its monotonic clock. */
  private final long sinceNs = System.nanoTime();

  private volatile boolean confirmed;

  /** Makes a value that holds nothing, to be read into or changed. */
  public StateValue(StateKind<S, C, ?> kind) {
    this(kind, kind.empty(), 0);
  }

  /** Makes a value of {@code state} after so many changes. */
  StateValue(StateKind<S, C, ?> kind, S state, long version) {
    this.kind = kind;
    this.state = state;
    this.version = version;
  }

  /** What an owner and a backup are compared by. */
  public record Fingerprint(long version, long digest) {}

  StateKind<S, C, ?> kind() {
    return kind;
  }

  /** Reads; {@code query} must not keep what it is given. */
  public <R> R read(Function<S, R> query) {
    long stamp = lock.readLock();
    try {
      return query.apply(state);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Returns the number of changes so far. */
  public long version() {
    long stamp = lock.readLock();
    try {
      return version;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /**
   * Compares this, a backup, with its owner. A backup that is being synchronised may lack changes
   * that it had before, for a copy made earlier can take their place; so what has come here is
   * believed only when its owner, asked after that, turns out not to be ahead of it.
   *
   * @param ownerVersion changes that the owner counts
   * @param askedNs when it was asked, by this node's monotonic clock
   */
  public void compare(long ownerVersion, long askedNs) {
    if (version() < ownerVersion) {
      confirmed = false;
    } else if (askedNs - sinceNs > 0) {
      confirmed = true;
    }
  }

  /** Returns whether this, a backup, is known to hold what its owner has acknowledged. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** Returns what this holds, in few bytes. Takes time proportional to it. */
  public Fingerprint fingerprint() {
    long stamp = lock.readLock();
    try {
      return new Fingerprint(version, kind.digest(state));
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Applies a change; on the partition's thread. */
  void apply(C change) {
    long stamp = lock.writeLock();
    try {
      kind.apply(state, change);
      version++;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  @Override
  public int getFactoryId() {
    return StateFactory.ID;
  }

  @Override
  public int getClassId() {
    return StateFactory.classIdOf(kind);
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    long stamp = lock.readLock();
    try {
      out.writeLong(version);
      kind.writeState(out, state);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    long stamp = lock.writeLock();
    try {
      version = in.readLong();
      state = kind.readState(in);
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
