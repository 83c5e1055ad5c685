package io.ppstp.tracker.domain.swarm;

import static io.ppstp.tracker.testing.Peers.addresses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ChiSquare;
import io.ppstp.tracker.testing.Seeds;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That nobody is told of too often or never, and that edge caches are in each list. */
class FairnessTest {
  private static final Pattern PEER_ID = Pattern.compile("\"peer_id\":\"([^\"]*)\"");
  private static final Selection RANDOM = Selection.RANDOM;
  private static final Selection NEAR = new Selection(700, false, Place.UNKNOWN);
  private static final Selection ABLE = new Selection(0, true, Place.UNKNOWN);
  private static final Content CACHES = new Content(2, 1, 0, 0);
  private static final PeerNum FAST = new PeerNum(-1, null, -1, -1, 5_000);

  private final SplittableRandom random = Seeds.random();
  private final Swarm swarm = new Swarm("s");
  private final ToldRates told = new ToldRates();

  private void join(String id, int network, PeerMode mode, PeerNum status) {
    Place place = network == 0 ? Place.UNKNOWN : new Place(network, 1 + random.nextInt(1 << 30));
    Member member = new Member(id, mode, 1, new Listing(addresses(80), null, place), status, null);
    swarm.apply(new MemberChange(id, 1, member));
  }

  private void join(int count, int networks) {
    for (int i = 0; i < count; i++) {
      join("m" + i, networks == 0 ? 0 : 1 + i % networks, PeerMode.LEECH, PeerNum.NOTHING);
    }
  }

  private List<String> list(String requester, int count, PeerNum wish, Selection selection) {
    Draw draw = new Draw(count, wish, random.nextLong(), Integer.MAX_VALUE, false, null, selection);
    byte[] entries = swarm.draw(requester, draw, told).entries();
    String text = new String(entries == null ? new byte[0] : entries, UTF_8);
    List<String> ids = PEER_ID.matcher(text).results().map(found -> found.group(1)).toList();
    assertEquals(ids.size(), new HashSet<>(ids).size(), () -> "distinct: " + ids);
    assertFalse(ids.contains(requester));
    return ids;
  }

  /** Peers choose their IDs: these have one value of String.hashCode, all of them. */
  @Test
  void nobodyUsesUpWhatOthersMayHaveByChoosingAnId() {
    int took = 0;
    for (int i = 0; i < 256; i++) {
      StringBuilder id = new StringBuilder();
      for (int bit = 0; bit < 8; bit++) {
        id.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      took += told.take(id.toString(), 1, 7) ? 1 : 0;
    }
    assertTrue(took > 200, took + " of 256 in 4096 places");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void edgeCachesAreAtTheEndOfEachListAndNowhereElse(int networks) {
    join(300, networks);
    for (int i = 0; i < 5; i++) {
      join("cache" + i, Place.CACHES, PeerMode.SEEDER, PeerNum.NOTHING);
    }
    join("fills", Place.CACHES, PeerMode.LEECH, PeerNum.NOTHING);
    for (Selection base : List.of(RANDOM, NEAR)) {
      Set<String> seen = new HashSet<>();
      int fills = 0;
      for (int i = 0; i < 500; i++) {
        List<String> list = list("m" + i % 300, 20, PeerNum.NOTHING, base.of(CACHES));
        assertEquals(20, list.size());
        assertEquals(2, list.stream().filter(id -> id.startsWith("cache")).count());
        assertTrue(list.subList(18, 20).stream().allMatch(id -> id.startsWith("cache")));
        seen.addAll(list.subList(18, 20));
        fills += list.contains("fills") ? 1 : 0;
      }
      assertEquals(5, seen.size());
      int leeches = fills;
      assertTrue(leeches < 100, () -> "one that does not seed is none: " + leeches);
    }
    assertEquals(
        1,
        list("m0", 2, PeerNum.NOTHING, RANDOM.of(CACHES)).stream().filter(this::isCache).count());
    assertEquals(
        0,
        list("m0", 1, PeerNum.NOTHING, RANDOM.of(CACHES)).stream().filter(this::isCache).count());
    assertEquals(
        2,
        swarm.drawMembers("m0", 20, 7, RANDOM.of(CACHES), told).ids().stream()
            .filter(this::isCache)
            .count());
    // Among themselves they are members like others, but told of as caches only.
    assertEquals(
        2,
        list("cache1", 20, PeerNum.NOTHING, NEAR.of(CACHES)).stream()
            .filter(this::isCache)
            .count());
  }

  private boolean isCache(String id) {
    return id.startsWith("cache");
  }

  @Test
  void whereThereIsNobodyElseCachesAreTold() {
    join("m0", 0, PeerMode.LEECH, PeerNum.NOTHING);
    join("cache0", Place.CACHES, PeerMode.SEEDER, PeerNum.NOTHING);
    assertEquals(List.of("cache0"), list("m0", 20, PeerNum.NOTHING, RANDOM.of(CACHES)));
    join("cache1", Place.CACHES, PeerMode.SEEDER, PeerNum.NOTHING);
    join("cache2", Place.CACHES, PeerMode.SEEDER, PeerNum.NOTHING);
    assertEquals(2, list("m0", 20, PeerNum.NOTHING, RANDOM.of(CACHES)).size());
  }

  @Test
  void aCacheIsNotBuried() {
    join(300, 0);
    for (int i = 0; i < 3; i++) {
      join("cache" + i, Place.CACHES, PeerMode.SEEDER, PeerNum.NOTHING);
    }
    for (int second = 70_000; second < 70_003; second++) {
      Map<String, Integer> counts = new HashMap<>();
      for (int i = 0; i < 200; i++) {
        Selection now = RANDOM.of(CACHES).after(new Fairness(0, 10, second, i, 5));
        List<String> list = list("m" + i, 20, PeerNum.NOTHING, now);
        assertEquals(20, list.size(), "others take their places");
        list.forEach(id -> counts.merge(id, 1, Integer::sum));
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(10, counts.getOrDefault("cache" + i, 0));
      }
    }
  }

  @Test
  void nobodyIsPreferredMoreOftenThanItMayBe() {
    for (int i = 0; i < 2_000; i++) {
      join("m" + i, i < 5 ? 1 : 2, PeerMode.LEECH, i % 500 == 7 ? FAST : PeerNum.NOTHING);
    }
    PathCosts costs = new PathCosts(new int[] {1, 2}, new float[] {1, 3});
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      Fairness fairness = new Fairness(20, 0, 9, i, 11);
      String requester = "m" + (100 + i);
      list(requester, 10, FAST, ABLE.after(fairness))
          .forEach(id -> counts.merge(id, 1, Integer::sum));
      list(requester, 10, PeerNum.NOTHING, NEAR.at(costs).after(fairness))
          .forEach(id -> counts.merge(id, 1, Integer::sum));
    }
    // Besides, everybody is drawn at random: 300 lists of 10 and 10, out of 2,000.
    counts.forEach((id, count) -> assertTrue(count <= 20 + 16, () -> id + ": " + count));
    assertTrue(counts.getOrDefault("m0", 0) >= 20, "the bound is made use of");
  }

  /** As it says itself: to prefer it as often would only keep others waiting. */
  @Test
  void whoHasNoUploadLeftIsPreferredAQuarterAsOften() {
    join(60, 0);
    for (String id : List.of("free", "exhausted")) {
      join(id, 0, PeerMode.LEECH, FAST);
      long left = id.equals("free") ? 1_000 : 0;
      swarm.apply(new Statement(id, null, new StreamStats("s", 1, 1, left, 1)));
    }
    for (int i = 0; i < 300; i++) {
      list("m" + i % 60, 2, FAST, ABLE.after(new Fairness(20, 0, 9, i, 11)));
    }

    for (Map.Entry<String, Integer> most : Map.of("free", 20, "exhausted", 5).entrySet()) {
      String id = most.getKey();
      assertFalse(told.take(id, most.getValue(), 9), () -> id + " was preferred less often");
      assertTrue(told.take(id, most.getValue() + 1, 9), () -> id + " was preferred more often");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 1_000, 4_000})
  void whoAsksAgainMeetsOthers(int size) {
    join(size, 5);
    int again = 0;
    int byChance = 0;
    for (int peer = 0; peer < 40; peer++) {
      long order = random.nextLong();
      Set<String> before = Set.of();
      for (int turn = 0; turn < 12; turn++) {
        Fairness fairness = new Fairness(0, 0, 0, turn, order);
        List<String> list = list("m" + peer, 10, PeerNum.NOTHING, NEAR.after(fairness));
        assertEquals(10, list.size());
        again += (int) list.stream().filter(before::contains).count();
        before = new HashSet<>(list);
        Set<String> one = new HashSet<>(list("m" + peer, 10, PeerNum.NOTHING, NEAR));
        byChance +=
            (int)
                list("m" + peer, 10, PeerNum.NOTHING, NEAR).stream().filter(one::contains).count();
      }
    }
    int seen = again;
    int chance = byChance;
    assertTrue(seen <= 0.5 * chance + 10, () -> seen + " again, by chance " + chance);
  }

  /** All ask every ten seconds. */
  @Test
  void everyMemberIsToldOfOftenEnoughInAMinute() {
    int size = 500;
    for (int i = 0; i < size; i++) {
      // Of very different sizes: the smallest has two members.
      int network = i < 2 ? 1 : i < 20 ? 2 : i < 100 ? 3 : 4;
      join("m" + i, network, PeerMode.LEECH, i % 50 == 3 ? FAST : PeerNum.NOTHING);
    }
    Selection both = new Selection(900, true, Place.UNKNOWN);
    Map<String, Integer> counts = new HashMap<>();
    long secret = random.nextLong();
    for (int turn = 0; turn < 6; turn++) {
      for (int i = 0; i < size; i++) {
        Fairness fairness = new Fairness(100, 0, turn * 10L, turn, secret * (i + 1));
        list("m" + i, 20, FAST, both.after(fairness))
            .forEach(id -> counts.merge(id, 1, Integer::sum));
      }
    }
    // The two or three of each list that are drawn from all make 12 of 3,000 lists at the least.
    for (int i = 0; i < size; i++) {
      String id = "m" + i;
      int times = counts.getOrDefault(id, 0);
      assertTrue(times >= 3, () -> id + " was told of " + times + " times");
    }
  }

  @Test
  void aRotationDealsEachPositionOnceFromWhereverItBegins() {
    for (int size = 1; size < 400; size++) {
      long seed = random.nextLong();
      int first = random.nextInt(1_000);
      Rotation order = new Rotation(seed, size, first, size);
      BitSet seen = new BitSet();
      List<Integer> dealt = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int position = order.next();
        assertTrue(position >= 0 && position < size);
        seen.set(position);
        dealt.add(position);
      }
      assertEquals(size, seen.cardinality());
      int shift = Math.min(5, size - 1);
      Rotation later = new Rotation(seed, size, first + shift, size);
      if ((first + shift) % size != 0 && first % size != 0) {
        assertEquals(dealt.get(shift), later.next(), "it goes on");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 64, 65, 100, 129})
  void aRotationIsAsGoodAsAShuffle(int size) {
    int[] first = new int[size];
    int[] pairs = new int[size];
    for (int i = 0; i < 4_000 * size; i++) {
      Rotation order = new Rotation(random.nextLong(), size, random.nextInt(size), size);
      int one = order.next();
      first[one]++;
      pairs[(order.next() - one + size) % size]++;
    }
    ChiSquare.assertUniform(first, "the first");
    int[] distances = new int[size - 1];
    System.arraycopy(pairs, 1, distances, 0, size - 1);
    if (size > 2) {
      ChiSquare.assertUniform(distances, "how far the second is from the first");
    }
    assertEquals(0, pairs[0]);
  }
}
