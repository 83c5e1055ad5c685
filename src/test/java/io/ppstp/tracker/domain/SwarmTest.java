package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.Peers.addresses;
import static io.ppstp.tracker.testing.Peers.member;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.NatAbility;
import io.ppstp.tracker.protocol.PeerMode;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.StreamStats;
import org.junit.jupiter.api.Test;

class SwarmTest {
  private static final Draw ALL = new Draw(29, PeerNum.NOTHING, 1, false, null);
  private static final PeerNum STATUS = new PeerNum(29, NatAbility.STUN, 5, 200, 600);
  private static final StreamStats STATS = new StreamStats("s", 1, 2, 3, 4);

  private final Swarm swarm = new Swarm();

  @Test
  void aPeerIsAMemberFromItsJoinToItsLeave() {
    swarm.join(member("p", 1), null);
    assertEquals(1, swarm.size());
    assertEquals(member("p", 1), swarm.member("p"));

    assertTrue(swarm.leave("p", 2));
    assertEquals(0, swarm.size());
    assertNull(swarm.member("p"));
    assertFalse(swarm.leave("p", 3));
  }

  @Test
  void theListOfAJoinNamesThoseWhoWereThereBefore() {
    assertEquals("", text(swarm.join(member("p1", 1), ALL)));

    assertTrue(text(swarm.join(member("p2", 2), ALL)).contains("p1"));
    assertEquals(PeerList.NOT_WANTED, swarm.join(member("p3", 3), null));
    assertFalse(text(swarm.join(member("p2", 4), ALL)).contains("p2"));
  }

  @Test
  void aLeaveOlderThanTheMembershipComesTooLate() {
    swarm.join(member("p", 5), null);

    assertFalse(swarm.leave("p", 4));
    assertEquals(1, swarm.size());
    assertTrue(swarm.leave("p", 5));
  }

  @Test
  void aJoinOlderThanTheMembershipGetsAListAndChangesNothing() {
    swarm.join(member("other", 1), null);
    swarm.join(member("p", 5, addresses(5)), null);

    assertTrue(text(swarm.join(member("p", 4, addresses(4)), ALL)).contains("other"));
    assertEquals(member("p", 5, addresses(5)), swarm.member("p"));
    assertFalse(swarm.leave("p", 4));
  }

  @Test
  void aJoinThatComesTwiceIsOne() {
    swarm.join(member("p", 5), null);
    swarm.join(member("p", 5), null);

    assertEquals(1, swarm.size());
    assertTrue(swarm.leave("p", 5));
    assertEquals(0, swarm.size());
  }

  @Test
  void aYoungerJoinRenewsAddressesAndModeAndKeepsWhatWasStated() {
    swarm.join(new Member("p", PeerMode.LEECH, 1, addresses(1), STATUS, null), null);
    swarm.report("p", STATS);
    swarm.join(new Member("p", PeerMode.SEEDER, 2, addresses(2), PeerNum.NOTHING, null), null);

    assertEquals(
        new Member("p", PeerMode.SEEDER, 2, addresses(2), STATUS, STATS), swarm.member("p"));
  }

  @Test
  void aStatusStatedAnewReplacesTheOldOne() {
    PeerNum later = new PeerNum(29, null, 9, PeerNum.NOT_STATED, PeerNum.NOT_STATED);
    swarm.join(new Member("p", PeerMode.LEECH, 1, addresses(1), STATUS, null), null);
    swarm.join(new Member("p", PeerMode.LEECH, 2, addresses(1), later, null), null);

    assertEquals(later, requireNonNull(swarm.member("p")).status());
  }

  @Test
  void aFindNotesTheStatusThatItStates() {
    swarm.join(member("p", 1), null);

    swarm.find("p", STATUS, ALL);
    assertEquals(STATUS, requireNonNull(swarm.member("p")).status());

    swarm.find("p", new PeerNum(3, null, -1, -1, -1), ALL);
    assertEquals(STATUS, requireNonNull(swarm.member("p")).status());
  }

  @Test
  void aFindByAStrangerMakesItNoMember() {
    swarm.join(member("p", 1), null);

    assertTrue(text(swarm.find("stranger", STATUS, ALL)).contains("\"p\""));
    assertEquals(1, swarm.size());
    assertNull(swarm.member("stranger"));
  }

  @Test
  void aReportReplacesTheOneBefore() {
    StreamStats later = new StreamStats("s", 11, 12, 13, 14);
    swarm.join(member("p", 1), null);

    assertTrue(swarm.report("p", STATS));
    assertTrue(swarm.report("p", later));
    assertEquals(later, requireNonNull(swarm.member("p")).stats());
    assertEquals(1, swarm.size());
  }

  @Test
  void aReportByAStrangerIsNotTaken() {
    assertFalse(swarm.report("stranger", STATS));
    assertEquals(0, swarm.size());
  }

  @Test
  void aPeerWithoutAKnownAddressCountsAndIsNeverListed() {
    swarm.join(member("hidden", 1, PeerAddresses.NONE), null);

    assertEquals(1, swarm.size());
    assertEquals("", text(swarm.join(member("p", 2), ALL)));
    assertTrue(text(swarm.find("hidden", STATUS, ALL)).contains("\"p\""));
    assertTrue(swarm.report("hidden", STATS));
    assertEquals(
        new Member("hidden", PeerMode.LEECH, 1, PeerAddresses.NONE, STATUS, STATS),
        swarm.member("hidden"));
    assertEquals(2, swarm.size());
    assertEquals("", text(swarm.find("p", STATUS, ALL)));
    assertTrue(swarm.leave("hidden", 1));
    assertEquals(1, swarm.size());
  }

  @Test
  void aPeerThatLearnsOrLosesItsAddressIsListedAccordingly() {
    swarm.join(member("p", 1, PeerAddresses.NONE), null);
    swarm.report("p", STATS);

    swarm.join(member("p", 2), null);
    assertTrue(text(swarm.find("other", STATUS, ALL)).contains("\"p\""));

    swarm.join(member("p", 3, PeerAddresses.NONE), null);
    assertEquals("", text(swarm.find("other", STATUS, ALL)));
    assertEquals(STATS, requireNonNull(swarm.member("p")).stats());
    assertEquals(1, swarm.size());
  }

  private static String text(PeerList drawn) {
    byte[] list = drawn.entries();
    return new String(requireNonNull(list), UTF_8);
  }
}
