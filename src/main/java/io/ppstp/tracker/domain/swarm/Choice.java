package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.Selection.Part;
import io.ppstp.tracker.domain.swarm.Selection.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members chosen as a {@link Selection} says, in time that depends on their number only. Confined
 * to one draw.
 *
 * <p>What is for those near the requester is taken from those at its public address first, then
 * from its network, or from the networks that cost least to reach. All else is drawn from all
 * members, so that nobody is out of reach; that part is a uniform sample of those that are not
 * chosen yet, as is each of the others within its class. Every beginning of the result has on
 * average the same share of each part ({@link Turns}): a peer may use the first few only.
 *
 * <p>Edge caches come at the end, apart from all others. A requester that asks again gets others
 * than before, as far as there are: it goes on in an order of its own ({@link Fairness}).
 *
 * <p>Where ability counts, each part looks at more members than it takes. Those that are known to
 * meet most of the requester's wish, and are not known to miss as much, take at most half of it;
 * the rest is taken as drawn. So a peer that makes itself out to be better than it is can talk
 * itself into half of a list, of those who ask for that, and whose ability is not known is listed
 * as often as before. For popular content, those of whom it is known that they are abler than most
 * take that half if nothing is asked for, and for uncommon content those that are less able ({@link
 * Content}).
 */
final class Choice implements Sample {
  /** Members looked at, per peer wanted: some may have to be left out. */
  private static final int LOOKS = 3;

  /**
   * Members looked at for their ability: of what one in twenty has, one is among them in 96 of 100
   * draws.
   */
  private static final int ABILITY_LOOKS = 64;

  // Each part has an order of its own.
  private static final long HOST_SEED = 0x5851f42d4c957f2dL;
  private static final long NETWORK_SEED = 0x14057b7ef767814fL;
  private static final long CACHE_SEED = 0x2545f4914f6cdd1dL;
  private static final long ORDER_STEP = 0x9e3779b97f4a7c15L;

  /** Lists that a requester gets by one order before it goes by another. */
  private static final int TURNS_BITS = 4;

  private final Pool pool;
  private final int requesterAt;
  private final Draw draw;
  private final ToldRates told;
  private final boolean byWish;

  /** Whether abler members come first, 1, or those that are less able, -1; else 0. */
  private final int lean;

  private final boolean byAbility;
  private final boolean cachesApart;

  /** Chosen, or not to be told; a position each. */
  private final PositionSet done;

  private final Member[] chosen;
  private int count;
  private int near;

  /** How many are at the requester's address, and those with the ones of its network. */
  private int atHost;

  private int inNetwork;
  private final Member[] caches;
  private int cacheCount;
  private int withheld;

  /**
   * Chooses.
   *
   * @param requesterAt its position, -1 if it is not among them
   * @param told how often members were preferred
   */
  Choice(Pool pool, int requesterAt, Draw draw, ToldRates told) {
    this.pool = pool;
    this.requesterAt = requesterAt;
    this.draw = draw;
    this.told = told;
    this.byWish = draw.selection().able() && draw.wish().statesStatus();
    this.lean = byWish ? 0 : draw.selection().content().lean(pool.size());
    this.byAbility = byWish || lean != 0;
    this.cachesApart = draw.selection().content().caches() > 0;
    int others = requesterAt < 0 ? pool.size() : pool.size() - 1;
    this.chosen = new Member[Math.min(draw.count(), others)];
    this.caches = new Member[Math.min(draw.selection().content().caches(), chosen.length)];
    this.done = new PositionSet(2 * chosen.length);
    choose();
  }

  @Override
  public Member[] members() {
    Member[] spread = Turns.of(chosen, near, count, draw.seed());
    if (draw.selection().able()) {
      Fitness.putConstrainedLast(spread, second());
    }
    if (cacheCount == 0) {
      return spread;
    }
    Member[] all = Arrays.copyOf(spread, count + cacheCount);
    System.arraycopy(caches, 0, all, count, cacheCount);
    return all;
  }

  /** Returns why those are chosen who are, part by part. */
  List<Reason> reasons() {
    List<Reason> reasons = new ArrayList<>(count + cacheCount);
    for (int i = 0; i < count; i++) {
      Part part =
          i < atHost
              ? Part.SAME_ADDRESS
              : i < inNetwork ? Part.SAME_NETWORK : i < near ? Part.CHEAP : Part.ALL;
      reasons.add(reason(chosen[i], part));
    }
    for (int i = 0; i < cacheCount; i++) {
      reasons.add(reason(caches[i], Part.EDGE_CACHE));
    }
    return reasons;
  }

  private Reason reason(Member member, Part part) {
    return new Reason(
        member.id(), part, member.network(), byWish ? Fitness.of(member, draw.wish()) : 0);
  }

  @Override
  public int withheld() {
    return withheld;
  }

  private void choose() {
    Selection selection = draw.selection();
    takeCaches(chosen.length / 2);
    int places = chosen.length - cacheCount;
    int forNear = selection.nearOf(places);
    if (forNear > 0) {
      Place from = placeOfRequester();
      if (from.isKnown()) {
        take(pool.atHostOf(from), forNear, HOST_SEED, false);
        atHost = count;
        if (selection.costs().indexOf(from.network()) < 0) {
          take(pool.inNetwork(from.network()), forNear - count, NETWORK_SEED, false);
        }
      }
      inNetwork = count;
      takeCheapest(selection.costs(), forNear, from.network());
    }
    near = count;
    take(null, places - count, 0, false);
    takeCaches(chosen.length - count);
  }

  private Place placeOfRequester() {
    Place own = requesterAt < 0 ? Place.UNKNOWN : pool.at(requesterAt).place();
    boolean tells = own.isKnown() && own.network() != Place.CACHES;
    return tells ? own : draw.selection().from();
  }

  /** Takes those of networks that cost the same in turns, so that none of them is told of most. */
  private void takeCheapest(PathCosts costs, int places, int own) {
    int first = 0;
    while (first < costs.size() && count < places) {
      int end = first + 1;
      while (end < costs.size() && costs.costAt(end) == costs.costAt(first)) {
        end++;
      }
      int turn = (int) Long.remainderUnsigned(draw.seed(), end - first);
      for (int i = first; i < end; i++, turn++) {
        int network = costs.networkAt(first + turn % (end - first));
        take(pool.inNetwork(network), places - count, network * NETWORK_SEED, network != own);
      }
      first = end;
    }
  }

  /** Takes edge caches, until there are {@code most} or as many as are wanted. */
  private void takeCaches(int most) {
    int places = Math.min(most, caches.length);
    Positions group = places > cacheCount ? pool.inNetwork(Place.CACHES) : Positions.NONE;
    if (group.size() == 0) {
      return;
    }
    int looks = Math.min(group.size(), LOOKS * caches.length + cacheCount + 1);
    Rotation order = order(CACHE_SEED, group.size(), caches.length, looks);
    Fairness fairness = draw.selection().fairness();
    for (int i = 0; i < looks && cacheCount < places; i++) {
      int position = group.at(order.next());
      Member member = pool.at(position);
      if (position != requesterAt
          && member.isEdgeCache()
          && !done.contains(position)
          && mayBeTold(position, member)
          && told.take(member.id(), fairness.cacheRate(), fairness.second())) {
        done.add(position);
        caches[cacheCount++] = member;
      }
    }
  }

  /** Returns the order of a class, from where the requester has got to in its turns. */
  private Rotation order(long part, int size, int wanted, int looks) {
    Fairness fairness = draw.selection().fairness();
    int turn = fairness.turn();
    if (turn < 0) {
      return new Rotation(draw.seed() ^ part, size, 0, looks);
    }
    long seed = fairness.order() + (turn >>> TURNS_BITS) * ORDER_STEP;
    long first = (long) (turn & (1 << TURNS_BITS) - 1) * wanted;
    return new Rotation(seed ^ part, size, first, looks);
  }

  /**
   * Takes some of a class, or of all if it is null.
   *
   * @param part by which its order differs from others
   * @param preferred whether its members are told of more often than others
   */
  private void take(@Nullable Positions group, int places, long part, boolean preferred) {
    int size = group == null ? pool.size() : group.size();
    if (places == 0 || size == 0) {
      return;
    }
    int rate = preferred ? draw.selection().fairness().peerRate() : 0;
    int wanted = byAbility ? Math.max(ABILITY_LOOKS, places) : rate > 0 ? 2 * places : places;
    int looks = (int) Math.min(size, (long) LOOKS * wanted + done.size() + 1);
    Rotation order = order(part, size, wanted, looks);
    int[] positions = new int[Math.min(wanted, looks)];
    Member[] members = new Member[positions.length];
    int found = 0;
    for (int dealt = 0; found < positions.length && dealt < looks; ) {
      int end = found + Math.min(positions.length - found, looks - dealt);
      dealt += end - found;
      // Apart from what depends on them, so that the processor waits for all of them at once.
      for (int i = found; i < end; i++) {
        positions[i] = group == null ? order.next() : group.at(order.next());
      }
      for (int i = found; i < end; i++) {
        members[i] = pool.at(positions[i]);
      }
      found = keepGood(positions, members, found, end);
    }
    if (byAbility) {
      putAblestFirst(positions, members, found, (places + 1) / 2);
    }
    for (int i = 0, left = places; i < found && left > 0; i++) {
      if (rate == 0
          || told.take(members[i].id(), Fitness.rateOf(members[i], rate, second()), second())) {
        if (group != null) {
          done.add(positions[i]);
        }
        chosen[count++] = members[i];
        left--;
      }
    }
  }

  /** Closes the gaps of those that are not to be told; returns the new end. */
  private int keepGood(int[] positions, Member[] members, int from, int to) {
    int kept = from;
    for (int i = from; i < to; i++) {
      int position = positions[i];
      Member member = members[i];
      if (position != requesterAt
          && !done.contains(position)
          && !(cachesApart && member.isEdgeCache())
          && mayBeTold(position, member)) {
        positions[kept] = position;
        members[kept++] = member;
      }
    }
    return kept;
  }

  private boolean mayBeTold(int position, Member member) {
    if (member.isOpenTo(draw.requesterIp()) || member.addresses().anyPublic()) {
      return true;
    }
    withheld += member.addresses().count();
    done.add(position);
    return false;
  }

  /** Moves up to {@code most} to the front; the others keep their order. */
  private void putAblestFirst(int[] positions, Member[] members, int found, int most) {
    Fairness fairness = draw.selection().fairness();
    int[] fitness = byWish ? ranks(members, found) : Fitness.leaning(members, found, lean);
    for (int first = 0; first < most; ) {
      int best = first;
      for (int i = first + 1; i < found; i++) {
        best = fitness[i] > fitness[best] ? i : best;
      }
      if (best >= found || fitness[best] <= 0) {
        return;
      }
      Member member = members[best];
      int rate = Fitness.rateOf(member, fairness.peerRate(), second());
      if (!told.take(member.id(), rate, fairness.second())) {
        fitness[best] = 0;
        continue;
      }
      int position = positions[best];
      int itsFitness = fitness[best];
      System.arraycopy(positions, first, positions, first + 1, best - first);
      System.arraycopy(members, first, members, first + 1, best - first);
      System.arraycopy(fitness, first, fitness, first + 1, best - first);
      positions[first] = position;
      members[first] = member;
      fitness[first++] = itsFitness;
    }
  }

  private long second() {
    return draw.selection().fairness().second();
  }

  private int[] ranks(Member[] members, int found) {
    int[] ranks = new int[found];
    for (int i = 0; i < found; i++) {
      ranks[i] = Fitness.rank(members[i], draw.wish(), second());
    }
    return ranks;
  }
}
