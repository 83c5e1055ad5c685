package io.ppstp.tracker.domain.swarm;

import static io.ppstp.tracker.testing.Peers.addresses;
import static io.ppstp.tracker.testing.Peers.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member.Membership;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists of many swarms, and changes of them that come twice and late. */
class SwarmShardTest {
  private static final int ROUNDS = 300;
  private static final int PEERS = 8;
  private static final int SWARMS = 4;
  private static final int CHANGES = 25;
  private static final SwarmKey A = new SwarmKey("a");
  private static final SwarmKey B = new SwarmKey("b");

  private final SwarmShard shard = new SwarmShard();

  private static MemberChange joining(Member member) {
    return new MemberChange(member.id(), member.stamp(), member);
  }

  private static MemberChange leaving(String peerId, long stamp) {
    return new MemberChange(peerId, stamp, null);
  }

  private static Map<String, Map<String, Member>> contents(SwarmShard shard) {
    Map<String, Map<String, Member>> contents = new TreeMap<>();
    shard.forEach(
        swarm -> {
          Map<String, Member> members = new TreeMap<>();
          swarm.members().forEach(member -> members.put(member.id(), member));
          assertEquals(swarm.size(), members.size());
          assertFalse(members.isEmpty(), "a swarm goes with its last member");
          assertNull(contents.put(swarm.id(), members));
        });
    assertEquals(contents.size(), shard.size());
    assertEquals(contents.values().stream().mapToInt(Map::size).sum(), shard.members());
    return contents;
  }

  @Test
  void aSwarmComesWithItsFirstMemberAndGoesWithItsLast() {
    shard.apply(A, leaving("p", 1));
    shard.apply(A, new Statement("p", null, new StreamStats("a", 1, 2, 3, 4)));
    assertEquals(Map.of(), contents(shard));

    shard.apply(A, joining(member("p", 1)));
    shard.apply(A, joining(member("q", 2)));
    shard.apply(B, joining(member("p", 3)));
    assertEquals(
        Map.of(
            "a",
            Map.of("p", member("p", 1), "q", member("q", 2)),
            "b",
            Map.of("p", member("p", 3))),
        contents(shard));

    shard.apply(A, leaving("p", 4));
    shard.apply(B, leaving("p", 4));
    assertEquals(Map.of("a", Map.of("q", member("q", 2))), contents(shard));
    assertNull(shard.swarm("b"));
    shard.apply(A, leaving("q", 5));
    assertEquals(Map.of(), contents(shard));
  }

  @Test
  void aBatchIsTakenInInItsOrderAndStatementsAfterIt() {
    StreamStats stats = new StreamStats("a", 1, 2, 3, 4);
    shard.apply(
        new SwarmChange(
            List.of(
                new SwarmChange.Of<>(A, joining(member("p", 1))),
                new SwarmChange.Of<>(A, leaving("p", 2)),
                new SwarmChange.Of<>(A, joining(member("p", 3))),
                new SwarmChange.Of<>(B, joining(member("p", 4))),
                new SwarmChange.Of<>(B, leaving("p", 5))),
            List.of(
                new SwarmChange.Of<>(A, new Statement("p", null, stats)),
                new SwarmChange.Of<>(B, new Statement("p", null, stats)))));

    Member listed = member("p", 3);
    assertEquals(
        Map.of(
            "a",
            Map.of(
                "p",
                new Member("p", listed.mode(), 3, listed.addresses(), listed.status(), stats))),
        contents(shard));
  }

  /** What an observer is told, in words; of somebody who is no member it knows nothing. */
  private static final class Told implements SwarmObserver {
    private final List<String> all = new ArrayList<>();

    @Override
    public void grown(String swarmId, int leeches, int seeders) {}

    @Override
    public void reported(
        PeerMode mode, String peerId, @Nullable StreamStats before, StreamStats stats) {
      all.add(peerId + " has sent " + stats.uploadedBytes());
    }

    @Override
    public void gone(String swarmId, Member member, @Nullable StreamStats last) {
      all.add(member.id() + " is gone, had sent " + (last == null ? "-" : last.uploadedBytes()));
    }

    @Override
    public boolean reportedLate(String peerId, StreamStats stats) {
      return false;
    }
  }

  private static SwarmChange.Of<Statement> sent(String peerId, long bytes) {
    return new SwarmChange.Of<>(
        A, new Statement(peerId, null, new StreamStats("a", bytes, 0, 0, 0)));
  }

  @Test
  void whoComesAndGoesByOneChangeIsToldOfToo() {
    Told told = new Told();
    List<Integer> unknown =
        shard.tellBefore(
            new SwarmChange(
                List.of(
                    new SwarmChange.Of<>(A, joining(member("p", 1))),
                    new SwarmChange.Of<>(A, leaving("p", 2)),
                    new SwarmChange.Of<>(A, leaving("q", 3))),
                List.of(sent("p", 7))),
            told);

    assertEquals(List.of("p has sent 7", "p is gone, had sent 7"), told.all);
    assertEquals(List.of(), unknown);
  }

  @Test
  void whoReportsAndIsNotThereIsNamedByItsPlace() {
    shard.apply(A, joining(member("p", 1)));
    Told told = new Told();
    List<Integer> unknown =
        shard.tellBefore(
            new SwarmChange(
                List.of(new SwarmChange.Of<>(A, joining(member("r", 2)))),
                List.of(
                    sent("early", 1),
                    sent("p", 2),
                    sent("r", 3),
                    new SwarmChange.Of<>(B, new Statement("p", PeerNum.NOTHING, null)),
                    new SwarmChange.Of<>(
                        B, new Statement("p", null, new StreamStats("b", 1, 2, 3, 4))))),
            told);

    assertEquals(List.of("p has sent 2", "r has sent 3"), told.all);
    assertEquals(List.of(0, 4), unknown);
  }

  @Test
  void questionsAboutASwarmThatIsNotThereAreAnswered() {
    Draw draw = new Draw(29, PeerNum.NOTHING, 1, Integer.MAX_VALUE, false, null);

    assertEquals(PeerList.EMPTY, new SwarmQuery.DrawList(A, "p", draw).answer(shard));
    assertTrue(new SwarmQuery.Look(A, "p").answer(shard).isEmpty());
    assertEquals(List.of(), new SwarmQuery.Slice(A, 0, 9).answer(shard));
    Membership membership = new Membership("p", A, 1);
    assertEquals(
        List.of(membership), new SwarmQuery.FindMissing(List.of(membership)).answer(shard));
    shard.apply(A, joining(member("p", 7)));
    assertEquals(List.of(), new SwarmQuery.FindMissing(List.of(membership)).answer(shard));
  }

  @Test
  void idsAreToldAFewAtATime() {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      shard.apply(new SwarmKey("s" + i), joining(member("p", i)));
      expected.add("s" + i);
    }
    List<String> told = new ArrayList<>();
    for (int from = 0; from < 12; from += 4) {
      told.addAll(shard.ids(from, 4));
    }

    assertEquals(10, told.size());
    assertEquals(expected, new HashSet<>(told));
  }

  @Test
  void ofTwoHistoriesTheYoungerMemberStays() {
    shard.apply(A, joining(member("p", 5, addresses(5))));

    assertFalse(shard.unite("a", member("p", 4, addresses(4))));
    assertEquals(Map.of("a", Map.of("p", member("p", 5, addresses(5)))), contents(shard));
    assertFalse(shard.unite("a", member("p", 6, addresses(6))));
    assertTrue(shard.unite("a", member("q", 1)));
    assertTrue(shard.unite("b", member("q", 1)));
    assertEquals(
        Map.of(
            "a",
            Map.of("p", member("p", 6, addresses(6)), "q", member("q", 1)),
            "b",
            Map.of("q", member("q", 1))),
        contents(shard));
  }

  /**
   * Each peer's changes come in the order of their stamps, as its shard noted them. What takes over
   * from a node that failed begins again with some that were carried out, and goes on in order.
   */
  @Test
  void changesThatComeAgainAndLateDoNoHarmAsLongAsThoseOfAPeerKeepTheirOrder() {
    SplittableRandom random = Seeds.random();
    for (int round = 0; round < ROUNDS; round++) {
      List<List<SwarmChange.Of<MemberChange>>> byPeer = new ArrayList<>();
      for (int i = 0; i < PEERS; i++) {
        byPeer.add(history("p" + i, random));
      }
      SwarmShard once = new SwarmShard();
      byPeer.forEach(history -> history.forEach(one -> once.apply(one.swarm(), one.what())));
      SwarmShard again = new SwarmShard();
      deliver(byPeer, random, again);
      assertEquals(expected(byPeer), withoutStatus(contents(once)));
      assertEquals(contents(once), contents(again));

      state(once);
      state(again);
      assertEquals(contents(once), contents(again));
      deliver(byPeer, random, again);
      assertEquals(contents(once), contents(again), "what was stated since is not taken back");
    }
  }

  private static List<SwarmChange.Of<MemberChange>> history(
      String peerId, SplittableRandom random) {
    List<SwarmChange.Of<MemberChange>> history = new ArrayList<>();
    long stamp = random.nextInt(100);
    for (int i = random.nextInt(CHANGES); i > 0; i--) {
      // One update may change several lists.
      stamp += random.nextInt(3) == 0 && i % 2 == 0 ? 0 : 1 + random.nextInt(3);
      SwarmKey swarm = new SwarmKey("s" + random.nextInt(SWARMS));
      boolean changedBefore = false;
      for (SwarmChange.Of<MemberChange> one : history) {
        changedBefore |= one.swarm().equals(swarm) && one.what().stamp() == stamp;
      }
      if (changedBefore) {
        stamp++;
      }
      history.add(
          new SwarmChange.Of<>(
              swarm,
              random.nextInt(3) == 0
                  ? leaving(peerId, stamp)
                  : joining(
                      new Member(
                          peerId,
                          random.nextBoolean() ? PeerMode.LEECH : PeerMode.SEEDER,
                          stamp,
                          random.nextBoolean() ? addresses(random.nextInt(3)) : PeerAddresses.NONE,
                          status(random),
                          null))));
    }
    return history;
  }

  private static PeerNum status(SplittableRandom random) {
    return random.nextBoolean()
        ? PeerNum.NOTHING
        : new PeerNum(29, null, random.nextInt(9), random.nextInt(9), 1);
  }

  /** Delivers each history to its end, going back in it now and then, and mixes those of peers. */
  private static void deliver(
      List<List<SwarmChange.Of<MemberChange>>> byPeer, SplittableRandom random, SwarmShard to) {
    int[] next = new int[byPeer.size()];
    int[] relapses = new int[byPeer.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < next.length; i++) {
      relapses[i] = random.nextInt(4);
      open.add(i);
    }
    while (!open.isEmpty()) {
      int peer = open.get(random.nextInt(open.size()));
      List<SwarmChange.Of<MemberChange>> history = byPeer.get(peer);
      boolean atEnd = next[peer] == history.size();
      if (relapses[peer] > 0 && (atEnd || random.nextInt(10) == 0)) {
        relapses[peer]--;
        next[peer] = random.nextInt(next[peer] + 1);
      } else if (atEnd) {
        open.remove((Integer) peer);
      } else {
        SwarmChange.Of<MemberChange> one = history.get(next[peer]++);
        to.apply(one.swarm(), one.what());
      }
    }
  }

  /** All members state something that no JOIN did. */
  private static void state(SwarmShard lists) {
    contents(lists)
        .forEach(
            (swarm, members) ->
                members
                    .keySet()
                    .forEach(
                        id ->
                            lists.apply(
                                new SwarmKey(swarm),
                                new Statement(
                                    id,
                                    new PeerNum(29, null, 77, 77, 77),
                                    new StreamStats(swarm, 7, 7, 7, 7)))));
  }

  /** Who stands in which list after the last change of each, and with which stamp and mode. */
  private static Map<String, Map<String, Member>> expected(
      List<List<SwarmChange.Of<MemberChange>>> byPeer) {
    Map<String, Map<String, Member>> expected = new HashMap<>();
    for (List<SwarmChange.Of<MemberChange>> history : byPeer) {
      for (SwarmChange.Of<MemberChange> one : history) {
        Map<String, Member> members =
            expected.computeIfAbsent(one.swarm().swarmId(), first -> new TreeMap<>());
        Member member = one.what().member();
        if (member == null) {
          members.remove(one.what().peerId());
        } else {
          members.put(member.id(), member);
        }
      }
    }
    expected.values().removeIf(Map::isEmpty);
    return withoutStatus(expected);
  }

  private static Map<String, Map<String, Member>> withoutStatus(
      Map<String, Map<String, Member>> contents) {
    Map<String, Map<String, Member>> without = new TreeMap<>();
    contents.forEach(
        (swarm, members) -> {
          Map<String, Member> bare = new TreeMap<>();
          members.forEach(
              (id, it) ->
                  bare.put(
                      id,
                      new Member(
                          id, it.mode(), it.stamp(), it.addresses(), PeerNum.NOTHING, null)));
          without.put(swarm, bare);
        });
    return without;
  }
}
