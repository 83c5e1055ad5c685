package io.ppstp.tracker.store.hazelcast;

import static io.ppstp.tracker.testing.ConnectBuilder.TIMERS;
import static io.ppstp.tracker.testing.ConnectBuilder.connect;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.testing.Peers;
import io.ppstp.tracker.domain.Draw;
import io.ppstp.tracker.domain.Origin;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Entry processors: their work, and their journey to another node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProcessorBenchmark {
  private static final long T0 = 1_000_000_000;
  private static final int MEMBERS = 1000;
  private static final int SHARD = 7;

  private final NodeState node = new NodeState(TIMERS, MEMBERS + 1);
  private final ShortWay shortWay = new ShortWay(node, new FakeReplicas());
  private final Slot<Integer, ShardValue> shard = new Slot<>(SHARD);
  private final Slot<String, SwarmValue> swarm = new Slot<>("s");
  private final PeerCommand.Find admission =
      new PeerCommand.Find("p1", new SwarmKey("s"), true, Origin.UNKNOWN, T0 + 1);
  private final SwarmCommand.Find find =
      new SwarmCommand.Find("p1", PeerNum.NOTHING, new Draw(29, PeerNum.NOTHING, 1, false, null));
  private final InternalSerializationService serialization =
      new DefaultSerializationServiceBuilder()
          .addDataSerializableFactory(StateFactory.ID, new StateFactory())
          .build();

  /** Fills a shard and a swarm. */
  @Setup
  public void fill() {
    for (int i = 0; i < MEMBERS; i++) {
      peer(connect("p" + i).leech("s").at(T0));
      peer(new PeerCommand.Track("p" + i, T0));
      swarm(new SwarmCommand.Join(Peers.member("p" + i, 1), null));
    }
  }

  private byte[] peer(PeerCommand<?> command) {
    PeerProcessor<?> processor = new PeerProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    return processor.process(shard.entry());
  }

  private byte[] swarm(SwarmCommand<?> command) {
    SwarmProcessor<?> processor = new SwarmProcessor<>(command);
    processor.setHazelcastInstance(Contexts.holding(node));
    return processor.process(swarm.entry());
  }

  /** Admits a FIND and touches its peer. */
  @Benchmark
  public byte[] touch() {
    return peer(admission);
  }

  /** Does the same on the spot, as the owner of the shard does. */
  @Benchmark
  public Object touchLightly() {
    return Objects.requireNonNull(shortWay.onShard(SHARD, admission));
  }

  /** Draws a list of 29. */
  @Benchmark
  public byte[] drawList() {
    return swarm(find);
  }

  /** Writes a processor and reads it back. */
  @Benchmark
  public Object travel() {
    return Objects.requireNonNull(
        serialization.<Object>toObject(serialization.toData(new PeerProcessor<>(admission))));
  }
}
