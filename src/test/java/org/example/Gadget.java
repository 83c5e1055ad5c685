package org.example;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.shareddata.ClusterSerializable;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Classes that a node has but must not make objects of, each counting how often one was read. */
public final class Gadget {
  private static final AtomicInteger READ = new AtomicInteger();

  private Gadget() {}

  /** Returns how many objects of all these classes were made by reading bytes. */
  public static int timesRead() {
    return READ.get();
  }

  /** Read by Java serialization. */
  public static final class OfJava implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      READ.incrementAndGet();
      in.defaultReadObject();
    }
  }

  /** Made, and then read, by Java serialization. */
  public static final class OfJavaByItself implements Externalizable {
    private static final long serialVersionUID = 1L;

    /** For reading, and {@link #OfJavaByItself(int)} for writing. */
    public OfJavaByItself() {
      READ.incrementAndGet();
    }

    /** Makes one that was not read. */
    public OfJavaByItself(int unused) {}

    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {}
  }

  /** Made by Hazelcast, as an entry's value or to work on one. */
  public static final class OfHazelcast
      implements DataSerializable, EntryProcessor<String, Object, String> {
    private static final long serialVersionUID = 1L;

    /** For reading, and {@link #OfHazelcast(int)} for writing. */
    public OfHazelcast() {
      READ.incrementAndGet();
    }

    /** Makes one that was not read. */
    public OfHazelcast(int unused) {}

    @Override
    public String process(Map.Entry<String, Object> entry) {
      READ.incrementAndGet();
      return "done";
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
  }

  /** Filled by Hazelcast, field by field. */
  public record OfHazelcastCompact(int number) {
    /** Counts every one that is made, those that tests make too. */
    public OfHazelcastCompact {
      READ.incrementAndGet();
    }
  }

  /** Made by Vert.x. */
  public static final class OfVertx implements ClusterSerializable {
    /** For reading, and {@link #OfVertx(int)} for writing. */
    public OfVertx() {
      READ.incrementAndGet();
    }

    /** Makes one that was not read. */
    public OfVertx(int unused) {}

    @Override
    public void writeToBuffer(Buffer buffer) {}

    @Override
    public int readFromBuffer(int position, Buffer buffer) {
      return position;
    }
  }
}
