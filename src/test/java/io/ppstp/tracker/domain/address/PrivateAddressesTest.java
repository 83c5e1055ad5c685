package io.ppstp.tracker.domain.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.swarm.IndexedSet;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.PeerListDraw;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Peers;
import io.ppstp.tracker.testing.Seeds;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is told the addresses of a peer that are not public. */
class PrivateAddressesTest {
  private static final Pattern PEER_ID = Pattern.compile("\"peer_id\":\"([^\"]*)\"");

  private static List<String> ids(PeerList list) {
    return PEER_ID
        .matcher(text(list))
        .results()
        .map(MatchResult::group)
        .map(it -> it.substring(11, it.length() - 1))
        .toList();
  }

  // Public addresses: those for documentation are none.
  private static final IpAddress HOME = ip("22.0.113.1");
  private static final IpAddress ELSEWHERE = ip("22.0.113.2");

  private static IpAddress ip(String literal) {
    return Objects.requireNonNull(IpAddress.parse(literal));
  }

  private static PeerAddress at(String literal, int priority) {
    return new PeerAddress(ip(literal), 80, priority, AddressType.HOST, null, null, null);
  }

  /** Returns a member behind {@link #HOME}. */
  private static Member confined(String id, PeerAddress... addresses) {
    return new Member(
        id,
        PeerMode.LEECH,
        1,
        new Listing(PeerAddresses.advertised(List.of(addresses), false), new Observed(HOME, null)),
        PeerNum.NOTHING,
        null);
  }

  private static PeerList drawFrom(
      IndexedSet<Member> members,
      int count,
      long seed,
      boolean bestOnly,
      @Nullable IpAddress from) {
    return PeerListDraw.draw(
        members, "", new Draw(count, PeerNum.NOTHING, seed, Integer.MAX_VALUE, bestOnly, from));
  }

  private static String text(PeerList list) {
    return new String(Objects.requireNonNull(list.entries()), UTF_8);
  }

  @Test
  void privateAddressesGoToPeersBehindTheSameAddressOnly() {
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(confined("p", at("10.0.0.1", 9), at("21.51.100.1", 8), at("fe80::1", 7)));

    String home = text(drawFrom(members, 5, 1, false, HOME));
    PeerList elsewhere = drawFrom(members, 5, 1, false, ELSEWHERE);

    assertTrue(home.contains("10.0.0.1") && home.contains("21.51.100.1"), home);
    assertTrue(home.contains("fe80::1"), home);
    assertEquals(0, drawFrom(members, 5, 1, false, HOME).withheld());
    assertFalse(text(elsewhere).contains("10.0.0.1"), text(elsewhere));
    assertFalse(text(elsewhere).contains("fe80::1"), text(elsewhere));
    assertTrue(text(elsewhere).contains("21.51.100.1"), text(elsewhere));
    assertEquals(2, elsewhere.withheld());
    assertEquals(text(elsewhere), text(drawFrom(members, 5, 1, false, null)));
    assertEquals(text(elsewhere), text(drawFrom(members, 5, 1, false, ip("2a00:db8::1"))));
  }

  @Test
  void theBestAddressIsTheBestThatMayBeTold() {
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(confined("p", at("10.0.0.1", 9), at("21.51.100.1", 8), at("21.51.100.2", 7)));

    String home = text(drawFrom(members, 5, 1, true, HOME));
    String elsewhere = text(drawFrom(members, 5, 1, true, ELSEWHERE));

    assertTrue(home.contains("10.0.0.1") && !home.contains("21.51"), home);
    assertTrue(elsewhere.contains("21.51.100.1") && !elsewhere.contains("100.2"), elsewhere);
  }

  /** Those who may not be told are replaced as long as that is cheap, and never listed. */
  @Test
  void membersOfWhomNothingMayBeToldAreReplacedByOthersAtRandom() {
    SplittableRandom random = Seeds.random();
    IndexedSet<Member> members = new IndexedSet<>();
    for (int i = 0; i < 100; i++) {
      members.put(confined("h" + i, at("10.0.0." + i, 1)));
      members.put(Peers.member("m" + i, i));
    }
    int[] drawn = new int[100];
    int rounds = 3_000;
    int listed = 0;
    for (int round = 0; round < rounds; round++) {
      PeerList list = drawFrom(members, 10, random.nextLong(), false, ELSEWHERE);
      List<String> ids = ids(list);
      assertTrue(ids.size() <= 10 && Set.copyOf(ids).size() == ids.size(), ids::toString);
      assertTrue(ids.stream().allMatch(id -> id.startsWith("m")), ids::toString);
      listed += ids.size();
      ids.forEach(id -> drawn[Integer.parseInt(id.substring(1))]++);
    }

    assertTrue(listed > rounds * 9.9, "listed in all: " + listed);
    ChiSquare.assertUniform(drawn, "the choice of members that may be told");
  }

  @Test
  void aSwarmOfWhichNothingMayBeToldGivesAnEmptyListAndIsCounted() {
    IndexedSet<Member> members = new IndexedSet<>();
    for (int i = 0; i < 50; i++) {
      members.put(confined("h" + i, at("10.0.0." + i, 1)));
    }

    PeerList list = drawFrom(members, 5, 4, false, ELSEWHERE);

    assertEquals("", text(list));
    assertTrue(list.withheld() >= 5 && list.withheld() <= 15, () -> "" + list.withheld());
    assertEquals(5, ids(drawFrom(members, 5, 4, false, HOME)).size());
  }
}
