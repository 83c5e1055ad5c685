package io.ppstp.tracker.domain.swarm;

import static io.ppstp.tracker.testing.Peers.addresses;
import static io.ppstp.tracker.testing.Peers.member;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerListDrawTest {
  private static final Pattern PEER_ID = Pattern.compile("\"peer_id\":\"([^\"]*)\"");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOT_STATED = PeerNum.NOT_STATED;

  private final SplittableRandom random = Seeds.random();

  @ParameterizedTest(name = "{1} of {0}, requester at {2}")
  @CsvSource({
    "5, 1, 0",
    "5, 2, 4",
    "5, 3, 2",
    "5, 4, 1",
    "5, 5, -1",
    "40, 1, 39",
    "40, 20, 0",
    "40, 29, 17",
    "40, 40, -1",
    "20000, 29, 19999",
    "20000, 29, 777",
    "20000, 29, -1"
  })
  void everyOtherMemberIsDrawnEquallyOftenAndAtEveryPosition(int size, int count, int requester) {
    IndexedSet<Member> members = members(size);
    int[] drawn = new int[size];
    int cells = Math.min(size, 50);
    int[][] byPosition = new int[count][cells];
    int rounds = Math.max(4_000, 10 * size / count);
    for (int i = 0; i < rounds; i++) {
      List<String> list = ids(draw(members, "m" + requester, count, random.nextLong()));
      for (int position = 0; position < list.size(); position++) {
        int member = Integer.parseInt(list.get(position).substring(1));
        drawn[member]++;
        byPosition[position][member % cells]++;
      }
    }

    if (requester >= 0) {
      assertEquals(0, drawn[requester]);
    }
    ChiSquare.assertUniform(without(drawn, requester), "the choice of members");
    for (int position = 0; position < count; position++) {
      ChiSquare.assertUniform(
          size == cells ? without(byPosition[position], requester) : byPosition[position],
          "position " + position);
    }
  }

  private static int[] without(int[] counts, int index) {
    return IntStream.range(0, counts.length).filter(i -> i != index).map(i -> counts[i]).toArray();
  }

  /** A list with too few neighbours in common, or too many, would betray the order of joining. */
  @Test
  void everyPairIsDrawnEquallyOften() {
    IndexedSet<Member> members = members(8);
    int[] pairs = new int[64];
    for (int i = 0; i < 20_000; i++) {
      List<String> list = ids(draw(members, "", 2, random.nextLong()));
      int first = Integer.parseInt(list.get(0).substring(1));
      int second = Integer.parseInt(list.get(1).substring(1));
      pairs[8 * first + second]++;
    }

    ChiSquare.assertUniform(
        IntStream.range(0, 64).filter(i -> i / 8 != i % 8).map(i -> pairs[i]).toArray(), "pairs");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 28, 29, 30, 31, 40, 1000, 20_000})
  void aListHasAsManyDistinctOthersAsAskedForOrAllThereAre(int size) {
    IndexedSet<Member> members = members(size);
    for (int count = 0; count <= 30; count++) {
      for (String requester : new String[] {"m0", "m" + (size - 1), "stranger"}) {
        List<String> list = ids(draw(members, requester, count, random.nextLong()));
        int others = members.get(requester) == null ? size : size - 1;

        assertEquals(Math.min(count, others), list.size());
        assertEquals(list.size(), new HashSet<>(list).size(), "distinct: " + list);
        assertFalse(list.contains(requester));
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameListAndAnotherSeedAnother() {
    IndexedSet<Member> members = members(1000);
    byte[] list = draw(members, "m1", 20, 4711);

    assertArrayEquals(list, draw(members, "m1", 20, 4711));
    assertNotEquals(ids(list), ids(draw(members, "m1", 20, 4712)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 28, 29, 30, 31, 500})
  void aRepeatedConnectGetsTheListThatItGotBeforeItsPeerWasAMember(int size) {
    for (int i = 0; i < 50; i++) {
      IndexedSet<Member> members = members(size);
      long seed = random.nextLong();
      byte[] first = draw(members, "new", 29, seed);
      members.put(member("new", 1));

      assertArrayEquals(first, draw(members, "new", 29, seed));
    }
  }

  @Test
  void aPeerThatIsAloneOrWantsNoneGetsAnEmptyList() {
    assertEquals(0, draw(members(0), "m0", 29, 1).length);
    assertEquals(0, draw(members(1), "m0", 29, 1).length);
    assertEquals(0, draw(members(5), "m0", 0, 1).length);
  }

  @Test
  void thoseWhoMeetMoreWishesComeFirst() {
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(stating("meets-0", new PeerNum(0, NatAbility.TURN, 9, 10, 100)));
    members.put(stating("meets-1", new PeerNum(0, NatAbility.STUN, 9, 10, 100)));
    members.put(stating("meets-2", new PeerNum(0, NatAbility.STUN, 5, 10, 100)));
    members.put(stating("meets-3", new PeerNum(0, NatAbility.STUN, 5, 200, 100)));
    members.put(stating("meets-4", new PeerNum(0, NatAbility.STUN, 5, 200, 600)));
    PeerNum wish = new PeerNum(5, NatAbility.STUN, 5, 200, 600);

    for (int i = 0; i < 100; i++) {
      assertEquals(
          List.of("meets-4", "meets-3", "meets-2", "meets-1", "meets-0"), ranked(members, wish));
    }
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource({
    "NO_NAT, NO_NAT, true",
    "NO_NAT, STUN, true",
    "NO_NAT, TURN, true",
    "STUN, STUN, true",
    "TURN, TURN, true",
    "STUN, NO_NAT, false",
    "STUN, TURN, false",
    "TURN, STUN, false",
    ", STUN, false"
  })
  void aPeerWithoutNatSuitsEveryPeerAndOthersTheirLike(
      @Nullable NatAbility offered, NatAbility wanted, boolean suits) {
    assertSuits(
        suits,
        new PeerNum(0, offered, 1, 1, 1),
        new PeerNum(0, wanted, NOT_STATED, NOT_STATED, NOT_STATED));
  }

  @Test
  void fewLinksLongOnlineTimeAndMuchBandwidthSuit() {
    PeerNum wishLinks = new PeerNum(0, null, 5, NOT_STATED, NOT_STATED);
    assertSuits(true, new PeerNum(0, null, 5, NOT_STATED, NOT_STATED), wishLinks);
    assertSuits(false, new PeerNum(0, null, 6, NOT_STATED, NOT_STATED), wishLinks);
    PeerNum wishTime = new PeerNum(0, null, NOT_STATED, 60, NOT_STATED);
    assertSuits(true, new PeerNum(0, null, NOT_STATED, 60, NOT_STATED), wishTime);
    assertSuits(false, new PeerNum(0, null, NOT_STATED, 59, NOT_STATED), wishTime);
    PeerNum wishBandwidth = new PeerNum(0, null, NOT_STATED, NOT_STATED, 600);
    assertSuits(true, new PeerNum(0, null, NOT_STATED, NOT_STATED, 600), wishBandwidth);
    assertSuits(false, new PeerNum(0, null, NOT_STATED, NOT_STATED, 599), wishBandwidth);
  }

  @Test
  void whatAPeerDoesNotStateSuitsNobody() {
    PeerNum wish = new PeerNum(0, NatAbility.STUN, 5, 0, 0);

    assertSuits(false, PeerNum.NOTHING, wish);
  }

  @Test
  void linksOfTheLastReportCountMoreThanThoseStatedBefore() {
    PeerNum busy = new PeerNum(0, null, 50, NOT_STATED, NOT_STATED);
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(stating("busy", busy));
    members.put(
        stating("idle-now", busy)
            .stating(new Statement("idle-now", null, new StreamStats("s", 0, 0, 0, 1))));

    assertEquals(
        List.of("idle-now", "busy"),
        ranked(members, new PeerNum(0, null, 5, NOT_STATED, NOT_STATED)));
  }

  /** Otherwise a peer could state itself into every list. */
  @Test
  void aWishChangesTheOrderOfTheListAndNotTheChoice() {
    IndexedSet<Member> members = new IndexedSet<>();
    for (int i = 0; i < 500; i++) {
      members.put(stating("m" + i, new PeerNum(0, null, NOT_STATED, NOT_STATED, i)));
    }
    PeerNum wish = new PeerNum(0, null, NOT_STATED, NOT_STATED, 250);
    for (int seed = 0; seed < 100; seed++) {
      List<String> any = ids(draw(members, "", 20, seed));
      List<String> best =
          ids(entries(members, "", new Draw(20, wish, seed, Integer.MAX_VALUE, false, null)));

      List<String> expected = new ArrayList<>(any);
      expected.sort((a, b) -> Boolean.compare(suits(b), suits(a)));
      assertEquals(expected, best, "suitable first, each kind in random order");
    }
  }

  private static boolean suits(String id) {
    return Integer.parseInt(id.substring(1)) >= 250;
  }

  @Test
  void addressesOfAPeerStandTogetherInOrderOfPriority() throws JsonProcessingException {
    IndexedSet<Member> members = rosterWithManyAddresses();
    for (int i = 0; i < 50; i++) {
      List<String> entries =
          entries(
              entries(
                  members,
                  "",
                  new Draw(3, PeerNum.NOTHING, random.nextLong(), Integer.MAX_VALUE, false, null)));

      assertEquals(9, entries.size());
      String list = String.join(" ", entries);
      assertTrue(list.contains("a:3000 a:2000 a:1000"), list);
      assertTrue(list.contains("b:900 b:800 b:700 b:600 b:500"), list);
      assertTrue(list.contains("c:80"), list);
    }
  }

  @Test
  void onlyTheBestAddressIsListedIfSoConfigured() throws JsonProcessingException {
    byte[] list =
        entries(
            rosterWithManyAddresses(),
            "",
            new Draw(3, PeerNum.NOTHING, 1, Integer.MAX_VALUE, true, null));

    assertEquals(Set.of("a:3000", "b:900", "c:80"), Set.copyOf(entries(list)));
    assertEquals(3, entries(list).size());
  }

  @Test
  void peersAreCountedAndNotTheirAddresses() throws JsonProcessingException {
    byte[] list =
        entries(
            rosterWithManyAddresses(),
            "c",
            new Draw(2, PeerNum.NOTHING, 1, Integer.MAX_VALUE, false, null));

    assertEquals(8, entries(list).size());
  }

  private static IndexedSet<Member> rosterWithManyAddresses() {
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(member("a", 1, addresses(3000, 2000, 1000)));
    members.put(member("b", 1, addresses(900, 800, 700, 600, 500)));
    members.put(member("c", 1, addresses(80)));
    return members;
  }

  /** Asserts whether a peer of this status is ranked before one that stated nothing. */
  private void assertSuits(boolean suits, PeerNum status, PeerNum wish) {
    IndexedSet<Member> members = new IndexedSet<>();
    members.put(stating("stated", status));
    members.put(stating("silent", PeerNum.NOTHING));
    Set<String> first = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      first.add(ranked(members, wish).get(0));
    }
    assertEquals(suits ? Set.of("stated") : Set.of("stated", "silent"), first);
  }

  private List<String> ranked(IndexedSet<Member> members, PeerNum wish) {
    return ids(
        entries(
            members, "", new Draw(29, wish, random.nextLong(), Integer.MAX_VALUE, false, null)));
  }

  private static Member stating(String id, PeerNum status) {
    return new Member(id, PeerMode.LEECH, 1, addresses(80), status, null);
  }

  private static IndexedSet<Member> members(int size) {
    IndexedSet<Member> members = new IndexedSet<>();
    for (int i = 0; i < size; i++) {
      members.put(member("m" + i, 1));
    }
    return members;
  }

  private static byte[] entries(IndexedSet<Member> members, String requester, Draw draw) {
    byte[] entries = PeerListDraw.draw(members, requester, draw).entries();
    return entries == null ? new byte[0] : entries;
  }

  private static byte[] draw(IndexedSet<Member> members, String requester, int count, long seed) {
    return entries(
        members, requester, new Draw(count, PeerNum.NOTHING, seed, Integer.MAX_VALUE, false, null));
  }

  private static List<String> ids(byte[] list) {
    return PEER_ID
        .matcher(new String(list, UTF_8))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  /** Returns the entries as {@code id:port}. */
  private static List<String> entries(byte[] list) throws JsonProcessingException {
    List<String> entries = new ArrayList<>();
    for (JsonNode entry : JSON.readTree("[" + new String(list, UTF_8) + "]")) {
      entries.add(entry.get("peer_id").asText() + ":" + entry.at("/peer_addr/port").asInt());
    }
    return entries;
  }
}
