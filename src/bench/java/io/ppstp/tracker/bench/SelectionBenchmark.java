package io.ppstp.tracker.bench;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Lists of 29 by each policy, of the same swarm in 200 networks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class SelectionBenchmark {
  private static final SwarmKey SWARM = new SwarmKey("s");
  private static final int NETWORKS = 200;
  private static final PeerNum WISH = new PeerNum(-1, null, -1, -1, 5_000);

  @Param({"1000", "1000000"})
  private int peers;

  /** How near: in thousandths, 0 is random. */
  @Param({"0", "700"})
  private int near;

  private final SplittableRandom random = new SplittableRandom(7846);
  private SwarmShard lists = new SwarmShard();

  /** Fills a swarm. */
  @Setup
  public void fill() {
    lists = new SwarmShard();
    for (int i = 0; i < peers; i++) {
      join(i, 1);
    }
  }

  private void join(int number, long stamp) {
    byte[] ip = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    PeerAddress address =
        new PeerAddress(IpAddress.ofBytes(ip), 7777, 1, AddressType.HOST, null, null, null);
    Place place = new Place(1 + (int) (NETWORKS * Math.pow(random.nextDouble(), 3)), 1 + number);
    Member member =
        new Member(
            Integer.toString(number),
            PeerMode.LEECH,
            stamp,
            new Listing(PeerAddresses.advertised(List.of(address), true), null, place),
            PeerNum.NOTHING,
            null);
    lists.apply(SWARM, new MemberChange(member.id(), stamp, member));
  }

  private PeerList draw(PeerNum wish, boolean able) {
    Selection selection = new Selection(near, able, Place.UNKNOWN);
    Draw draw =
        new Draw(29, wish, random.nextLong(), Integer.MAX_VALUE, false, null, selection);
    String requester = Integer.toString(random.nextInt(peers));
    return new SwarmQuery.DrawList(SWARM, requester, draw).answer(lists);
  }

  /** Draws a list. */
  @Benchmark
  public PeerList drawList() {
    return draw(PeerNum.NOTHING, false);
  }

  /** Draws a list for somebody who asks for ability. */
  @Benchmark
  public PeerList drawAble() {
    return draw(WISH, true);
  }
}
