package io.ppstp.tracker.domain.swarm;

import static io.ppstp.tracker.testing.Peers.addresses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection.Part;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that are chosen by where peers are and by what they can, against a naive twin. */
class SelectionTest {
  private static final Pattern PEER_ID = Pattern.compile("\"peer_id\":\"([^\"]*)\"");
  private static final long NOT_STATED = PeerNum.NOT_STATED;
  private static final Selection NEAR = new Selection(700, false, Place.UNKNOWN);
  private static final Selection ABLE = new Selection(0, true, Place.UNKNOWN);
  private static final Selection BOTH = new Selection(700, true, Place.UNKNOWN);
  private static final Content CACHES = new Content(2, 1, 0, 0);
  private static final long NOW_S = 1_800_000_000L;
  private static final PeerNum FAST = new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, 5_000);

  private final SplittableRandom random = Seeds.random();
  private final Swarm swarm = new Swarm("s");
  private final ToldRates told = new ToldRates();
  private final Map<String, Member> twin = new HashMap<>();
  private long stamp;

  private void join(String id, Place place, PeerNum status) {
    join(id, place, status, addresses(80));
  }

  private void join(String id, Place place, PeerNum status, PeerAddresses addresses) {
    Member member =
        new Member(id, PeerMode.LEECH, ++stamp, new Listing(addresses, null, place), status, null);
    swarm.apply(new MemberChange(id, stamp, member));
    twin.put(id, member);
  }

  private void leave(String id) {
    swarm.apply(new MemberChange(id, ++stamp, null));
    twin.remove(id);
  }

  private static Place at(int network, int host) {
    return new Place(network, host);
  }

  private List<String> list(String requester, int count, Selection selection) {
    return list(requester, count, PeerNum.NOTHING, selection);
  }

  private List<String> list(String requester, int count, PeerNum wish, Selection selection) {
    Draw draw = new Draw(count, wish, random.nextLong(), Integer.MAX_VALUE, false, null, selection);
    byte[] entries = swarm.draw(requester, draw, told).entries();
    String text = new String(entries == null ? new byte[0] : entries, UTF_8);
    return PEER_ID.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 40, 63, 64, 65, 300, 1500})
  void throughJoinsMovesAndLeavesEachListIsAsTheTwinHasIt(int size) {
    Content popular = new Content(0, 1, 1, 0);
    Selection[] selections = {
      NEAR,
      ABLE,
      BOTH,
      new Selection(900, false, Place.UNKNOWN),
      NEAR.of(popular),
      Selection.RANDOM.of(popular)
    };
    for (int step = 0; step < 3 * size + 300; step++) {
      String id = "p" + random.nextInt(size * 2);
      if (twin.size() > size && random.nextInt(3) > 0) {
        leave(twin.keySet().iterator().next());
      } else {
        boolean listed = random.nextInt(10) > 0;
        Place place =
            random.nextInt(8) == 0
                ? Place.UNKNOWN
                : at(1 + random.nextInt(5), 1 + random.nextInt(size));
        join(id, place, PeerNum.NOTHING, listed ? addresses(80) : PeerAddresses.NONE);
      }
      if (step % 7 == 0) {
        Fairness turn =
            new Fairness(random.nextInt(3), 0, step / 50, random.nextInt(200), step % 5);
        boolean paced = random.nextBoolean();
        Selection selection = selections[random.nextInt(selections.length)];
        assertGood(id, random.nextInt(35), paced ? selection.after(turn) : selection);
      }
    }
    // A crowd goes.
    for (String id : new ArrayList<>(twin.keySet())) {
      leave(id);
      if (random.nextInt(20) == 0) {
        assertGood("p" + random.nextInt(size * 2), 29, NEAR);
      }
    }
    assertEquals(0, swarm.size());
  }

  private void assertGood(String requester, int count, Selection selection) {
    List<String> list = list(requester, count, FAST, selection);
    Set<String> others = new HashSet<>();
    twin.forEach(
        (id, member) -> {
          if (member.addresses().isListable() && !id.equals(requester)) {
            others.add(id);
          }
        });
    assertEquals(Math.min(count, others.size()), list.size());
    assertEquals(list.size(), new HashSet<>(list).size(), () -> "distinct: " + list);
    assertTrue(others.containsAll(list), () -> list + " of " + others);
    Member asker = twin.get(requester);
    if (asker == null || !asker.place().isKnown() || !asker.addresses().isListable()) {
      return;
    }
    int place = selection.nearOf(list.size());
    long hosts = others.stream().filter(id -> sameHost(id, asker)).count();
    long networks = others.stream().filter(id -> sameNetwork(id, asker)).count();
    long listedHosts = list.stream().filter(id -> sameHost(id, asker)).count();
    long listedNetworks = list.stream().filter(id -> sameNetwork(id, asker)).count();
    assertTrue(listedHosts >= Math.min(place, hosts), () -> listedHosts + " at its address");
    long near = Math.min(place, Math.max(hosts, networks));
    assertTrue(
        list.stream().filter(id -> sameHost(id, asker) || sameNetwork(id, asker)).count() >= near,
        () -> listedNetworks + " in its network, of " + networks + " and a share of " + place);
  }

  private boolean sameHost(String id, Member asker) {
    Place place = member(id).place();
    return place.isKnown() && place.host() == asker.place().host();
  }

  private boolean sameNetwork(String id, Member asker) {
    return member(id).place().network() == asker.place().network();
  }

  private Member member(String id) {
    Member member = twin.get(id);
    if (member == null) {
      throw new IllegalStateException(id);
    }
    return member;
  }

  @ParameterizedTest
  @CsvSource({"0, 29, 0", "700, 29, 20", "900, 29, 26", "900, 3, 1", "900, 2, 0", "700, 1, 0"})
  void twoPlacesOfAListAreNeverForTheNear(int permille, int places, int near) {
    assertEquals(near, new Selection(permille, false, Place.UNKNOWN).nearOf(places));
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 3_000})
  void whatIsNotForTheNearIsAUniformSample(int size) {
    for (int i = 0; i < size; i++) {
      join("m" + i, at(1 + i % 10, 1_000 + i), PeerNum.NOTHING);
    }
    int[] far = new int[size];
    int[] near = new int[size];
    int rounds = Math.max(4_000, 20 * size);
    int nearSum = 0;
    for (int i = 0; i < rounds; i++) {
      for (String id : list("m0", 10, NEAR)) {
        int number = Integer.parseInt(id.substring(1));
        if (number % 10 == 0) {
          near[number]++;
          nearSum++;
        } else {
          far[number]++;
        }
      }
    }
    assertEquals(0, near[0], "the asker");
    ChiSquare.assertUniform(where(far, false), "the choice of the far");
    ChiSquare.assertUniform(where(near, true), "the choice of the near");
    double share = nearSum / (10.0 * rounds);
    assertTrue(share >= Math.min(0.5, (size / 10 - 1) / 10.0), () -> "a share of " + share);
  }

  /** Networks 1 to 6, of which the twin knows what they cost; the asker is in the last. */
  @Test
  void whoCostsLessComesBeforeWhoCostsMore() {
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < 40; i++) {
        join("m" + i, at(1 + random.nextInt(6), 1_000 + i), PeerNum.NOTHING);
      }
      join("asker", at(6, 1), PeerNum.NOTHING);
      PathCosts costs = new PathCosts(new int[] {2, 6, 5, 1}, new float[] {1, 3, 3, 4});
      int count = 1 + random.nextInt(39);
      List<String> list = list("asker", count, NEAR.at(costs));

      assertEquals(count, new HashSet<>(list).size());
      assertFalse(list.contains("asker"));
      int places = NEAR.nearOf(count);
      for (float most : new float[] {1, 3, 4}) {
        long there = twin.keySet().stream().filter(id -> costs(id, costs) <= most).count();
        long listed = list.stream().filter(id -> costs(id, costs) <= most).count();
        assertTrue(
            listed >= Math.min(places, there), () -> listed + " of " + there + " in " + list);
      }
    }
  }

  @Test
  void aListCanBeExplained() {
    for (int i = 0; i < 300; i++) {
      join("m" + i, at(1 + i % 10, i < 3 ? 7 : 1_000 + i), i % 20 == 7 ? FAST : PeerNum.NOTHING);
    }
    for (int i = 0; i < 5; i++) {
      join("cache" + i, at(Place.CACHES, 5_000 + i), PeerNum.NOTHING, addresses(80));
      Member cache = member("cache" + i);
      Listing listing = new Listing(cache.addresses(), null, cache.place());
      swarm.put(new Member(cache.id(), PeerMode.SEEDER, ++stamp, listing, cache.status(), null));
    }
    join("asker", at(1, 7), FAST);
    Selection selection =
        new Selection(700, true, Place.UNKNOWN)
            .of(CACHES)
            .at(new PathCosts(new int[] {1, 4}, new float[] {1, 2}));
    Map<Part, Integer> parts = new EnumMap<>(Part.class);
    for (Reason reason : swarm.explain("asker", null, 60, 7, selection)) {
      parts.merge(reason.part(), 1, Integer::sum);
      switch (reason.part()) {
        case SAME_ADDRESS -> assertTrue(number(reason.peerId()) < 3, reason::toString);
        case SAME_NETWORK -> assertEquals(1, reason.network());
        case CHEAP -> assertTrue(Set.of(1, 4).contains(reason.network()), reason::toString);
        case EDGE_CACHE -> assertTrue(reason.peerId().startsWith("cache"), reason::toString);
        case ALL -> assertFalse(reason.peerId().startsWith("cache"), reason::toString);
      }
      boolean able = !reason.peerId().startsWith("c") && number(reason.peerId()) % 20 == 7;
      assertEquals(able ? 1 : 0, reason.fitness());
    }
    assertEquals(
        Map.of(Part.SAME_ADDRESS, 3, Part.CHEAP, 37, Part.ALL, 18, Part.EDGE_CACHE, 2), parts);
    assertEquals(
        Set.of(Part.ALL),
        Set.copyOf(
            swarm.explain("asker", null, 9, 7, Selection.RANDOM).stream()
                .map(Reason::part)
                .toList()));
  }

  private float costs(String id, PathCosts costs) {
    int rank = costs.indexOf(member(id).network());
    return rank < 0 || id.equals("asker") ? Float.POSITIVE_INFINITY : costs.costAt(rank);
  }

  @Test
  void whatCostsTheSameIsToldOfInTurns() {
    for (int i = 0; i < 2_000; i++) {
      join("m" + i, at(1 + i % 10, 1_000 + i), PeerNum.NOTHING);
    }
    PathCosts costs = new PathCosts(new int[] {3, 4, 5}, new float[] {1, 1, 1});
    int[] told = new int[11];
    for (int i = 0; i < 3_000; i++) {
      list("stranger", 10, NEAR.at(costs)).forEach(id -> told[member(id).network()]++);
    }
    for (int network = 3; network <= 5; network++) {
      int its = told[network];
      assertTrue(its > 6_000 && its < 9_500, () -> "a third of 21000 and some: " + its);
    }
  }

  private static int[] where(int[] counts, boolean near) {
    List<Integer> some = new ArrayList<>();
    for (int i = 1; i < counts.length; i++) {
      if ((i % 10 == 0) == near) {
        some.add(counts[i]);
      }
    }
    return some.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void everyPlaceOfAListHasItsShareOfTheFar() {
    for (int i = 0; i < 500; i++) {
      join("m" + i, at(1 + i % 10, 1_000 + i), PeerNum.NOTHING);
    }
    int lists = 2_000;
    int[] far = new int[20];
    for (int i = 0; i < lists; i++) {
      List<String> list = list("m0", far.length, NEAR);
      for (int position = 0; position < list.size(); position++) {
        far[position] += number(list.get(position)) % 10 == 0 ? 0 : 1;
      }
      // Three of ten are drawn from all, wherever one looks.
      long others = list.subList(5, 15).stream().filter(id -> number(id) % 10 != 0).count();
      assertTrue(others <= 4, list::toString);
    }
    // Of those, nine of ten are far.
    for (int position = 0; position < far.length; position++) {
      double share = far[position] / (double) lists;
      int place = position;
      assertTrue(share > 0.22 && share < 0.32, () -> share + " of place " + place + " are far");
    }
  }

  /** As it was measured before: of 30 lists of 5 out of 59 others, 4 held one of 3 able peers. */
  @ParameterizedTest
  @CsvSource({"60, 5", "60, 20", "2000, 5", "2000, 20", "2000, 29"})
  void whatOneInTwentyHasIsInNineOfTenListsThatAskForIt(int size, int count) {
    for (int i = 0; i < size; i++) {
      boolean able = i % 20 == 7;
      long upload = able ? 8_000 : i % 2 == 0 ? 500 : NOT_STATED;
      join(
          "m" + i,
          at(1 + i % 3, 1_000 + i),
          new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, upload));
    }
    for (Selection selection : List.of(ABLE, BOTH)) {
      int held = 0;
      int rounds = 500;
      int[] unknown = new int[1];
      for (int i = 0; i < rounds; i++) {
        List<String> list = list("m0", count, FAST, selection);
        held += list.stream().anyMatch(id -> number(id) % 20 == 7) ? 1 : 0;
        unknown[0] += list.stream().anyMatch(id -> number(id) % 2 == 1) ? 1 : 0;
        long able = list.stream().filter(id -> number(id) % 20 == 7).count();
        assertTrue(able <= count * 2 / 3 + 2, () -> able + " of " + list);
      }
      int lists = held;
      assertTrue(lists >= 0.9 * rounds, () -> lists + " of " + rounds + " by " + selection);
      assertTrue(unknown[0] >= 0.9 * rounds, "who has not stated what it can is listed");
    }
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(1));
  }

  @Test
  void withoutAWishAbilityChangesNothing() {
    for (int i = 0; i < 100; i++) {
      PeerNum status = i < 5 ? FAST : PeerNum.NOTHING;
      join("m" + i, Place.UNKNOWN, status);
    }
    int[] drawn = new int[100];
    for (int i = 0; i < 4_000; i++) {
      list("m0", 10, PeerNum.NOTHING, ABLE).forEach(id -> drawn[number(id)]++);
    }
    assertEquals(0, drawn[0]);
    int[] others = new int[99];
    System.arraycopy(drawn, 1, others, 0, 99);
    ChiSquare.assertUniform(others, "the choice");
  }

  /** One in ten can upload much, one in ten little, and of the others it is not known. */
  @Test
  void popularContentPrefersAblerMembersAndUncommonContentSparesThem() {
    for (int i = 0; i < 300; i++) {
      long upload = i % 10 == 3 ? 9_000 : i % 10 == 4 ? 300 : NOT_STATED;
      join("m" + i, Place.UNKNOWN, new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, upload));
    }
    Selection common = Selection.RANDOM.of(new Content(0, 1, 1_000, 10));
    Selection popular = common.of(common.content().weighing(10));
    Selection uncommon = common.of(common.content().weighing(0.01f));
    int[] much = new int[3];
    int[] little = new int[3];
    List<Selection> all = List.of(common, popular, uncommon);
    for (int i = 0; i < 600; i++) {
      List<String> list = list("m0", 10, all.get(i % 3));
      assertEquals(10, new HashSet<>(list).size());
      assertFalse(list.contains("m0"));
      much[i % 3] += (int) list.stream().filter(id -> number(id) % 10 == 3).count();
      little[i % 3] += (int) list.stream().filter(id -> number(id) % 10 == 4).count();
    }
    for (int kinds : new int[] {much[0], little[0]}) {
      assertTrue(kinds > 100 && kinds < 300, () -> "about 200 by chance: " + kinds);
    }
    assertTrue(much[1] > 800 && much[1] < 1_300, () -> "half and some by chance: " + much[1]);
    assertTrue(little[2] > 800 && little[2] < 1_300, () -> "the same: " + little[2]);
    assertTrue(little[1] < 200 && much[2] < 200, () -> little[1] + " and " + much[2]);
  }

  @Test
  void whoIsAtAWirelessAccessIsLastAndNotLeftOut() {
    for (int i = 0; i < 100; i++) {
      AccessType access = i % 4 == 1 ? AccessType.WIRELESS : i % 4 == 2 ? AccessType.WIRED : null;
      PeerAddress address =
          new PeerAddress(
              addresses(80).all().get(0).ip(), 80, 1, AddressType.HOST, access, null, null);
      PeerAddresses told = PeerAddresses.advertised(List.of(address), false);
      join("m" + i, at(1 + i % 3, 1_000 + i), PeerNum.NOTHING, told);
    }
    int[] drawn = new int[100];
    for (int i = 0; i < 4_000; i++) {
      List<String> list = list("m0", 10, ABLE);
      List<Boolean> wireless = list.stream().map(id -> number(id) % 4 == 1).toList();
      assertEquals(wireless.stream().sorted().toList(), wireless);
      list.forEach(id -> drawn[number(id)]++);
    }
    int[] others = new int[99];
    System.arraycopy(drawn, 1, others, 0, 99);
    ChiSquare.assertUniform(others, "the choice");
  }

  @Test
  void unknownIsNotUnable() {
    PeerNum wish = new PeerNum(NOT_STATED, NatAbility.STUN, 8, 60, 1_000);
    assertEquals(0, fitness(PeerNum.NOTHING, wish));
    assertEquals(1, fitness(new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, 1_000), wish));
    assertEquals(-1, fitness(new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, 999), wish));
    assertEquals(0, fitness(new PeerNum(NOT_STATED, NatAbility.TURN, 3, 0, 2_000), wish));
    assertEquals(4, fitness(new PeerNum(NOT_STATED, NatAbility.NO_NAT, 8, 60, 1_000), wish));
  }

  @Test
  void ofThoseAsAbleSeedersComeFirstThenWhoHasUploadLeftThenByPriority() {
    StreamStats busy = new StreamStats("s", 0, 0, 0, 9);
    StreamStats idle = new StreamStats("s", 0, 0, 1_000, 1);
    List<Member> best =
        List.of(
            able(PeerMode.SEEDER, idle, 1),
            able(PeerMode.SEEDER, null, 1),
            able(PeerMode.SEEDER, busy, 9),
            able(PeerMode.LEECH, idle, 9),
            able(PeerMode.LEECH, idle, 2),
            able(PeerMode.LEECH, null, 1L << 40),
            able(PeerMode.LEECH, null, 1));
    for (int i = 1; i < best.size(); i++) {
      int before = Fitness.rank(best.get(i - 1), FAST, NOW_S);
      int after = Fitness.rank(best.get(i), FAST, NOW_S);
      int place = i;
      assertTrue(before > after, () -> place + ": " + before + " and " + after);
    }
    PeerNum fast = new PeerNum(NOT_STATED, null, NOT_STATED, NOT_STATED, 5_000);
    PeerNum two = new PeerNum(NOT_STATED, NatAbility.STUN, NOT_STATED, NOT_STATED, 5_000);
    Member meetsBoth = new Member("m", PeerMode.LEECH, 1, PeerAddresses.NONE, two, busy);
    Member meetsOne = new Member("m", PeerMode.SEEDER, 1, addresses(80), fast, idle);
    assertTrue(Fitness.rank(meetsBoth, two, NOW_S) > Fitness.rank(meetsOne, two, NOW_S));
  }

  @Test
  void whatWasReportedTwoMinutesAgoSaysNothingAboutNow() {
    StreamStats busy = new StreamStats("s", 0, 0, 0, 9);
    StreamStats idle = new StreamStats("s", 0, 0, 1_000, 1);
    Member silent = able(PeerMode.LEECH, null, 1);
    int unknown = Fitness.rank(silent, FAST, NOW_S);
    for (long age = -3; age < 300; age++) {
      Member wasIdle = silent.stating(new Statement("m", null, idle, NOW_S - age));
      Member wasBusy = silent.stating(new Statement("m", null, busy, NOW_S - age));
      int fresh = age <= 120 ? 1 : 0;
      assertEquals(fresh, Integer.signum(Fitness.rank(wasIdle, FAST, NOW_S) - unknown));
      assertEquals(-fresh, Integer.signum(Fitness.rank(wasBusy, FAST, NOW_S) - unknown));
      assertEquals(fresh == 1 ? 2 : 8, Fitness.rateOf(wasBusy, 8, NOW_S));
      assertEquals(8, Fitness.rateOf(wasIdle, 8, NOW_S));
    }
    Member untimed = silent.stating(new Statement("m", null, busy));
    assertTrue(Fitness.rank(untimed, FAST, NOW_S) < unknown, "it is the last that is known");
  }

  @Test
  void whoRunsOnABatteryIsLastAndNotLeftOutUntilThatIsOld() {
    for (int i = 0; i < 60; i++) {
      String id = "m" + i;
      join(id, at(1 + i % 3, 1_000 + i), PeerNum.NOTHING);
      StreamStats stats = new StreamStats("s", 0, 0, 1, 1, i % 4 == 1);
      swarm.apply(new Statement(id, null, stats, NOW_S));
    }
    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      List<String> list = list("m0", 10, ABLE.after(new Fairness(0, 0, NOW_S + 60, i, 7)));
      List<Boolean> last = list.stream().map(id -> number(id) % 4 == 1).toList();
      assertEquals(last.stream().sorted().toList(), last);
      drawn.addAll(list);
    }
    assertEquals(59, drawn.size());
    boolean mixed = false;
    for (int i = 0; i < 100; i++) {
      List<String> list = list("m0", 10, ABLE.after(new Fairness(0, 0, NOW_S + 121, i, 7)));
      List<Boolean> last = list.stream().map(id -> number(id) % 4 == 1).toList();
      mixed |= !last.stream().sorted().toList().equals(last);
    }
    assertTrue(mixed, "what is two minutes old does not count");
  }

  private static Member able(PeerMode mode, @Nullable StreamStats stats, long priority) {
    PeerAddress address =
        new PeerAddress(
            addresses(80).all().get(0).ip(), 80, priority, AddressType.HOST, null, null, null);
    PeerAddresses told = PeerAddresses.advertised(List.of(address), false);
    return new Member("m", mode, 1, told, FAST, stats);
  }

  private static int fitness(PeerNum status, PeerNum wish) {
    return Fitness.of(new Member("m", PeerMode.LEECH, 1, PeerAddresses.NONE, status, null), wish);
  }

  @Test
  void whoIsNoMemberIsWhereItSaysAndOthersAreCountedByNetwork() {
    for (int i = 0; i < 200; i++) {
      join("m" + i, at(1 + i % 4, 1_000 + i), PeerNum.NOTHING);
    }
    Selection from = NEAR.from(at(2, 9));
    Draw draw = new Draw(20, PeerNum.NOTHING, 7, Integer.MAX_VALUE, false, null, from);
    PeerList list = swarm.draw("stranger", draw, told);
    assertEquals(20, list.placed());
    assertTrue(list.near() >= 14 && list.near() < 20, () -> list.near() + " near");
    Draw all = new Draw(20, PeerNum.NOTHING, 7, Integer.MAX_VALUE, false, null);
    assertEquals(0, swarm.draw("stranger", all, told).placed());
    assertEquals(20, swarm.draw("m1", all, told).placed());
  }

  @Test
  void membersAreDrawnNearWhetherListedOrNot() {
    for (int i = 0; i < 300; i++) {
      join(
          "m" + i,
          at(1 + i % 10, 1_000 + i),
          PeerNum.NOTHING,
          i % 3 == 0 ? addresses(80) : PeerAddresses.NONE);
    }
    int near = 0;
    for (int i = 0; i < 300; i++) {
      String requester = "m" + i;
      List<String> ids = swarm.drawMembers(requester, 10, random.nextLong(), NEAR, told).ids();
      assertEquals(10, new HashSet<>(ids).size());
      assertFalse(ids.contains(requester));
      int number = i;
      near += (int) ids.stream().filter(id -> number(id) % 10 == number % 10).count();
    }
    assertTrue(near >= 300 * 7, "near: " + near);
    assertTrue(near < 300 * 8, "near: " + near);
  }

  @Test
  void compactListsAreNearToo() {
    for (int i = 0; i < 300; i++) {
      join("m" + i, at(1 + i % 10, 1_000 + i), PeerNum.NOTHING, addresses(1_000 + i));
    }
    int near = 0;
    for (int i = 0; i < 300; i++) {
      Draw draw = new Draw(10, PeerNum.NOTHING, random.nextLong(), 0, true, null, NEAR);
      CompactList list = swarm.drawCompact("m" + i, draw, told);
      ByteBuffer v4 = ByteBuffer.wrap(list.v4());
      assertEquals(60, v4.remaining());
      for (int at = 4; at < 60; at += 6) {
        near += (v4.getChar(at) - 1_000) % 10 == i % 10 ? 1 : 0;
      }
    }
    int seen = near;
    assertTrue(seen >= 300 * 7 && seen < 300 * 8, () -> "near: " + seen);
  }

  @Test
  void aSwarmWithoutPlacesIsDrawnAtRandom() {
    for (int i = 0; i < 100; i++) {
      join("m" + i, Place.UNKNOWN, PeerNum.NOTHING);
    }
    assertEquals(20, list("m0", 20, NEAR.from(at(1, 1))).size());
  }

  @Test
  void statementsDoNotMoveAMember() {
    for (int i = 0; i < 100; i++) {
      join("m" + i, at(1 + i % 10, 1_000 + i), PeerNum.NOTHING);
      swarm.apply(new Member.Statement("m" + i, FAST, null));
    }
    @Nullable Member member = swarm.member("m7");
    assertEquals(at(8, 1_007), member == null ? null : member.place());
    assertTrue(list("m7", 10, NEAR).stream().filter(id -> number(id) % 10 == 7).count() >= 7);
  }
}
