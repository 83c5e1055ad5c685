package io.ppstp.tracker.bench;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.ReaderRules;
import io.ppstp.tracker.protocol.RequestReader;
import io.ppstp.tracker.protocol.RequestReader.Reading;
import io.ppstp.tracker.protocol.ResponseWriter;
import io.ppstp.tracker.protocol.ResponseWriter.SwarmResult;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.simulate.PeerMessages;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading requests and writing responses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProtocolBenchmark {
  private static final int LIST_BYTES = 29 * 150;

  private final RequestReader reader = new RequestReader(ReaderRules.DEFAULTS);
  private final byte[] find = PeerMessages.find("0123456789abcdef", "f1", "channel-000001", 29);
  private final byte[] report =
      PeerMessages.statReport("0123456789abcdef", "s1", "channel-000001", 100_000, 200_000);
  private final byte[] change =
      PeerMessages.connect(
          "0123456789abcdef",
          "c1",
          Audience.address(1),
          -1,
          List.of(
              new SwarmAction("channel-000001", Action.LEAVE, null),
              new SwarmAction("channel-000002", Action.JOIN, PeerMode.LEECH)));
  private final PeerAddress self =
      PeerAddress.reflexive(IpAddress.ofBytes(new byte[] {127, 0, 0, 1}), 7777, 1);
  private final byte[] list = new byte[LIST_BYTES];

  /** Fills the list with characters that need no escape. */
  public ProtocolBenchmark() {
    Arrays.fill(list, (byte) 'x');
  }

  /** Reads a FIND. */
  @Benchmark
  public Reading parseFind() {
    return reader.read(find);
  }

  /** Reads a STAT_REPORT on one swarm. */
  @Benchmark
  public Reading parseStatReport() {
    return reader.read(report);
  }

  /** Reads a CONNECT that switches channels; it is digested too. */
  @Benchmark
  public Reading parseConnect() {
    return reader.read(change);
  }

  /** Writes the response to a FIND around its list. */
  @Benchmark
  public byte[] writeList() {
    return ResponseWriter.success(
        "f1", self, List.of(new SwarmResult("channel-000001", true, list)));
  }
}
