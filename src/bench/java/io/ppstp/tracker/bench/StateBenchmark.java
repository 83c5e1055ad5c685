package io.ppstp.tracker.bench;

import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.local.LocalStore;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
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

/** Drawing lists, joining and leaving, touching and expiring, in few and in many peers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class StateBenchmark {
  private static final SwarmKey SWARM = new SwarmKey("s");

  @Param({"1000", "1000000"})
  private int peers;

  private final SplittableRandom random = new SplittableRandom(7846);
  private SwarmShard lists = new SwarmShard();
  private LocalStore store = new LocalStore(1);
  private long stamp = 10;

  /** Fills a swarm and a store. */
  @Setup
  public void fill() {
    lists = new SwarmShard();
    for (int i = 0; i < peers; i++) {
      join(member(i, 1));
    }
    store = ExpiryTrial.filled(peers);
  }

  private static Member member(int number, long stamp) {
    byte[] ip = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    PeerAddress address =
        new PeerAddress(IpAddress.ofBytes(ip), 7777, 1, AddressType.HOST, null, null, null);
    return new Member(
        Integer.toString(number),
        PeerMode.LEECH,
        stamp,
        PeerAddresses.advertised(List.of(address), true),
        PeerNum.NOTHING,
        null);
  }

  private void join(Member member) {
    lists.apply(SWARM, new MemberChange(member.id(), member.stamp(), member));
  }

  private Draw draw() {
    return new Draw(29, PeerNum.NOTHING, random.nextLong(), Integer.MAX_VALUE, false, null);
  }

  /** Draws a list of 29. */
  @Benchmark
  public PeerList drawList() {
    String requester = Integer.toString(random.nextInt(peers));
    return new SwarmQuery.DrawList(SWARM, requester, draw()).answer(lists);
  }

  /** Lets a list name a peer, and name it no more. */
  @Benchmark
  public long joinAndLeave() {
    Member member = member(peers, ++stamp);
    join(member);
    lists.apply(SWARM, new MemberChange(member.id(), stamp, null));
    return lists.members();
  }

  /** Starts a peer's track timer anew. */
  @Benchmark
  public CompletionStage<PeerQuery.FindAdmission> touch() {
    String id = Integer.toString(random.nextInt(peers));
    return store.ask(id, new PeerQuery.Find(id, SWARM, true, Origin.UNKNOWN, 1_000_000));
  }

  /** Looks for peers that are due, and finds none. */
  @Benchmark
  public int expireNobody() {
    return ExpiryTrial.tick(store);
  }
}
