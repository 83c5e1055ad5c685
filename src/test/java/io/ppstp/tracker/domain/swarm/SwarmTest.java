package io.ppstp.tracker.domain.swarm;

import static io.ppstp.tracker.testing.Peers.addresses;
import static io.ppstp.tracker.testing.Peers.member;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SwarmTest {
  private static final Draw ALL = new Draw(29, PeerNum.NOTHING, 1, Integer.MAX_VALUE, false, null);
  private static final PeerNum STATUS = new PeerNum(29, NatAbility.STUN, 5, 200, 600);
  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  private final Swarm swarm = new Swarm("s");
  private final ToldRates told = new ToldRates();

  private void join(Member member) {
    swarm.apply(new MemberChange(member.id(), member.stamp(), member));
  }

  private void leave(String peerId, long stamp) {
    swarm.apply(new MemberChange(peerId, stamp, null));
  }

  private void report(String peerId, StreamStats stats) {
    swarm.apply(new Statement(peerId, null, stats));
  }

  private void state(String peerId, PeerNum status) {
    swarm.apply(new Statement(peerId, status, null));
  }

  private String listFor(String requester) {
    byte[] list = swarm.draw(requester, ALL, told).entries();
    return new String(requireNonNull(list), UTF_8);
  }

  private Member present(String peerId) {
    return requireNonNull(swarm.member(peerId));
  }

  @Test
  void aReportKeepsNoOtherCopyOfTheSwarmsIdAlive() {
    join(member("p", 1));
    String copy = "a s".substring(2);
    report("p", new StreamStats(copy, 1, 2, 3, 4));
    assertSame(swarm.id(), requireNonNull(present("p").stats()).swarmId());

    Member arrived =
        member("q", 2).stating(new Statement("q", null, new StreamStats(copy, 1, 2, 3, 4)));
    swarm.put(arrived);
    assertSame(swarm.id(), requireNonNull(present("q").stats()).swarmId());
    assertEquals(arrived, present("q"));
  }

  @Test
  void aPeerIsAMemberFromItsJoinToItsLeave() {
    join(member("p", 1));
    assertEquals(1, swarm.size());
    assertEquals(member("p", 1), swarm.member("p"));

    leave("p", 2);
    assertEquals(0, swarm.size());
    assertNull(swarm.member("p"));
    leave("p", 3);
    assertEquals(0, swarm.size());
  }

  @Test
  void aListNamesTheOthersAndIsTheSameWhetherTheRequesterHasJoinedYetOrNot() {
    assertEquals("", listFor("p1"));
    join(member("p1", 1));
    assertEquals("", listFor("p1"));

    String before = listFor("p2");
    assertTrue(before.contains("\"p1\""));
    join(member("p2", 2));
    assertEquals(before, listFor("p2"));
    assertTrue(listFor("p1").contains("\"p2\""));
  }

  @Test
  void aLeaveOlderThanTheMembershipComesTooLate() {
    join(member("p", 5));

    leave("p", 4);
    assertEquals(1, swarm.size());
    leave("p", 5);
    assertEquals(0, swarm.size());
  }

  @Test
  void aJoinOlderThanTheMembershipChangesNothing() {
    join(member("p", 5, addresses(5)));
    join(member("p", 4, addresses(4)));

    assertEquals(member("p", 5, addresses(5)), swarm.member("p"));
    leave("p", 4);
    assertEquals(1, swarm.size());
  }

  @Test
  void aJoinThatComesTwiceIsOne() {
    join(member("p", 5));
    join(member("p", 5));

    assertEquals(1, swarm.size());
    leave("p", 5);
    assertEquals(0, swarm.size());
  }

  /** What is carried out twice must not take back what the peer stated in between. */
  @Test
  void aJoinThatComesTwiceDoesNotStateAnew() {
    PeerNum since = new PeerNum(29, null, 9, 9, 9);
    Member joining = new Member("p", PeerMode.LEECH, 5, addresses(1), STATUS, null);
    join(joining);
    state("p", since);
    report("p", STATS);
    join(joining);

    assertEquals(new Member("p", PeerMode.LEECH, 5, addresses(1), since, STATS), swarm.member("p"));
  }

  @Test
  void aYoungerJoinRenewsAddressesAndModeAndKeepsWhatWasStated() {
    join(new Member("p", PeerMode.LEECH, 1, addresses(1), STATUS, null));
    report("p", STATS);
    join(new Member("p", PeerMode.SEEDER, 2, addresses(2), PeerNum.NOTHING, null));

    assertEquals(
        new Member("p", PeerMode.SEEDER, 2, addresses(2), STATUS, STATS), swarm.member("p"));
  }

  @Test
  void aStatusStatedAnewReplacesTheOldOne() {
    PeerNum later = new PeerNum(29, null, 9, PeerNum.NOT_STATED, PeerNum.NOT_STATED);
    join(new Member("p", PeerMode.LEECH, 1, addresses(1), STATUS, null));
    join(new Member("p", PeerMode.LEECH, 2, addresses(1), later, null));

    assertEquals(later, present("p").status());
  }

  @Test
  void aMemberThatLeftHasStatedNothingWhenItComesBack() {
    join(new Member("p", PeerMode.LEECH, 1, addresses(1), STATUS, null));
    report("p", STATS);
    leave("p", 2);
    join(member("p", 3));

    assertEquals(member("p", 3), swarm.member("p"));
  }

  @Test
  void aStatementOfOneKindLeavesTheOtherAsItWas() {
    join(member("p", 1));

    state("p", STATUS);
    assertEquals(STATUS, present("p").status());
    assertNull(present("p").stats());

    report("p", STATS);
    assertEquals(STATUS, present("p").status());
    assertEquals(STATS, present("p").stats());
  }

  @Test
  void aStatementByAStrangerMakesItNoMember() {
    join(member("p", 1));

    state("stranger", STATUS);
    report("stranger", STATS);
    assertEquals(1, swarm.size());
    assertNull(swarm.member("stranger"));
    assertTrue(listFor("stranger").contains("\"p\""));
  }

  @Test
  void aReportReplacesTheOneBefore() {
    StreamStats later = new StreamStats("s", 11, 12, 13, 14);
    join(member("p", 1));

    report("p", STATS);
    report("p", later);
    assertEquals(later, present("p").stats());
    assertEquals(1, swarm.size());
  }

  @Test
  void ofTwoStatementsTheLaterCompletesTheEarlier() {
    StreamStats later = new StreamStats("s", 11, 12, 13, 14);
    Statement status = new Statement("p", STATUS, null);
    Statement stats = new Statement("p", null, STATS);

    assertEquals(new Statement("p", STATUS, STATS), stats.after(status));
    assertEquals(new Statement("p", STATUS, STATS), status.after(stats));
    assertEquals(
        new Statement("p", STATUS, later),
        new Statement("p", null, later).after(stats.after(status)));
  }

  @Test
  void aPeerWithoutAKnownAddressCountsAndIsNeverListed() {
    join(member("hidden", 1, PeerAddresses.NONE));

    assertEquals(1, swarm.size());
    join(member("p", 2));
    assertEquals("", listFor("p"));
    assertTrue(listFor("hidden").contains("\"p\""));
    state("hidden", STATUS);
    report("hidden", STATS);
    assertEquals(
        new Member("hidden", PeerMode.LEECH, 1, PeerAddresses.NONE, STATUS, STATS),
        swarm.member("hidden"));
    assertEquals(2, swarm.size());
    assertEquals("", listFor("p"));
    leave("hidden", 1);
    assertEquals(1, swarm.size());
  }

  @Test
  void aPeerThatLearnsOrLosesItsAddressIsListedAccordingly() {
    join(member("p", 1, PeerAddresses.NONE));
    report("p", STATS);

    join(member("p", 2));
    assertTrue(listFor("other").contains("\"p\""));

    join(member("p", 3, PeerAddresses.NONE));
    assertEquals("", listFor("other"));
    assertEquals(STATS, present("p").stats());
    assertEquals(1, swarm.size());
  }

  @Test
  void slicesVisitEveryMemberOnceListedOrNot() {
    Set<Member> expected = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Member member = member("p" + i, i, i % 3 == 0 ? PeerAddresses.NONE : addresses(80));
      join(member);
      expected.add(member);
    }
    Set<Member> visited = new HashSet<>();
    for (int from = 0; from < 25; from += 6) {
      for (Member member : swarm.slice(from, 6)) {
        assertTrue(visited.add(member), member::toString);
      }
    }

    assertEquals(expected, visited);
    assertEquals(expected, new HashSet<>(swarm.members()));
    assertEquals(List.of(), swarm.slice(20, Integer.MAX_VALUE));
    assertFalse(swarm.slice(19, Integer.MAX_VALUE).isEmpty());
  }

  @Test
  void membersAreDrawnWhetherAListCouldNameThemOrNot() {
    PeerAddresses unknown = PeerAddresses.NONE;
    join(new Member("w1", PeerMode.LEECH, 1, unknown, PeerNum.NOTHING, null));
    join(new Member("w2", PeerMode.SEEDER, 2, unknown, PeerNum.NOTHING, null));
    join(member("p3", 3));
    Set<String> drawn = new HashSet<>(swarm.drawMembers("w1", 9, 7, Selection.RANDOM, told).ids());
    assertEquals(Set.of("w2", "p3"), drawn);
    assertEquals(List.of(), swarm.drawMembers("w1", 0, 7, Selection.RANDOM, told).ids());
    Set<String> singly = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      List<String> one = swarm.drawMembers("p3", 1, seed, Selection.RANDOM, told).ids();
      assertEquals(1, one.size());
      singly.addAll(one);
    }
    assertEquals(Set.of("w1", "w2"), singly);
  }

  @Test
  void seedersAreCountedWhateverBecomesOfThem() {
    SplittableRandom random = Seeds.random();
    for (int stamp = 1; stamp < 2000; stamp++) {
      String id = "p" + random.nextInt(12);
      PeerMode mode = random.nextBoolean() ? PeerMode.SEEDER : PeerMode.LEECH;
      PeerAddresses where = random.nextBoolean() ? PeerAddresses.NONE : member("a", 1).addresses();
      Member member = new Member(id, mode, stamp, where, PeerNum.NOTHING, null);
      switch (random.nextInt(3)) {
        case 0 -> leave(id, stamp - random.nextInt(3));
        case 1 -> join(member);
        default -> swarm.put(member);
      }
      long seeders = swarm.members().stream().filter(it -> it.mode() == PeerMode.SEEDER).count();
      PeerList.MemberDraw draw = swarm.drawMembers("", 0, 0, Selection.RANDOM, told);
      assertEquals(seeders, draw.seeders());
      assertEquals(swarm.size() - seeders, draw.leeches());
    }
  }
}
