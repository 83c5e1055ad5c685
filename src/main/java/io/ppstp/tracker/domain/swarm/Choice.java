package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.domain.swarm.PeerSample.RandomPositions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Members chosen as a {@link Selection} says, in time that depends on their number only. Confined
 * to one draw.
 *
 * <p>What is for those near the requester is taken from those at its public address first, then
 * from its network, or from the networks that cost least to reach. All else is drawn from all
 * members, so that nobody is out of reach; that part is a uniform sample of those that are not
 * chosen yet, as is each of the others within its class. Every beginning of the result has about
 * the same share of each part: a peer may use the first few only.
 *
 * <p>Where ability counts, each part looks at more members than it takes. Those that are known to
 * meet most of the requester's wish, and are not known to miss as much, take at most half of it;
 * the rest is taken as drawn. So a peer that makes itself out to be better than it is can talk
 * itself into half of a list, of those who ask for that, and whose ability is not known is listed
 * as often as before.
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

  private final Pool pool;
  private final int requesterAt;
  private final Draw draw;
  private final boolean byAbility;

  /** Chosen, or not to be told; a position each. */
  private final PositionSet done;

  private final Member[] chosen;
  private int count;
  private int near;
  private int withheld;

  /**
   * Chooses.
   *
   * @param requesterAt its position, -1 if it is not among them
   */
  Choice(Pool pool, int requesterAt, Draw draw) {
    this.pool = pool;
    this.requesterAt = requesterAt;
    this.draw = draw;
    this.byAbility = draw.selection().able() && draw.wish().statesStatus();
    int others = requesterAt < 0 ? pool.size() : pool.size() - 1;
    this.chosen = new Member[Math.min(draw.count(), others)];
    this.done = new PositionSet(2 * chosen.length);
    choose();
  }

  @Override
  public Member[] members() {
    return spread();
  }

  @Override
  public int withheld() {
    return withheld;
  }

  private void choose() {
    Selection selection = draw.selection();
    long seed = draw.seed();
    int forNear = selection.nearOf(chosen.length);
    if (forNear > 0) {
      Place from = requesterAt < 0 ? Place.UNKNOWN : pool.at(requesterAt).place();
      if (!from.isKnown()) {
        from = selection.from();
      }
      if (from.isKnown()) {
        take(pool.atHostOf(from), forNear, seed ^ HOST_SEED);
        if (selection.costs().indexOf(from.network()) < 0) {
          take(pool.inNetwork(from.network()), forNear - count, seed ^ NETWORK_SEED);
        }
      }
      takeCheapest(selection.costs(), forNear);
    }
    near = count;
    take(null, chosen.length - count, seed);
  }

  /** Takes those of networks that cost the same in turns, so that none of them is told of most. */
  private void takeCheapest(PathCosts costs, int places) {
    int first = 0;
    while (first < costs.size() && count < places) {
      int end = first + 1;
      while (end < costs.size() && costs.costAt(end) == costs.costAt(first)) {
        end++;
      }
      int turn = (int) Long.remainderUnsigned(draw.seed(), end - first);
      for (int i = first; i < end; i++, turn++) {
        int network = costs.networkAt(first + turn % (end - first));
        take(pool.inNetwork(network), places - count, draw.seed() + network * NETWORK_SEED);
      }
      first = end;
    }
  }

  /** Takes some of a class, or of all if it is null. */
  private void take(@Nullable Positions group, int places, long seed) {
    int size = group == null ? pool.size() : group.size();
    if (places == 0 || size == 0) {
      return;
    }
    int wanted = byAbility ? Math.max(ABILITY_LOOKS, places) : places;
    int looks = (int) Math.min(size, (long) LOOKS * wanted + done.size() + 1);
    RandomPositions order = new RandomPositions(seed, size, looks);
    int[] candidates = new int[Math.min(wanted, looks)];
    int found = 0;
    for (int i = 0; i < looks && found < candidates.length; i++) {
      int position = group == null ? order.next() : group.at(order.next());
      if (position != requesterAt && !done.contains(position) && mayBeTold(position)) {
        candidates[found++] = position;
      }
    }
    if (byAbility) {
      putAblestFirst(candidates, found, (places + 1) / 2);
    }
    for (int i = 0; i < found && i < places; i++) {
      done.add(candidates[i]);
      chosen[count++] = pool.at(candidates[i]);
    }
  }

  private boolean mayBeTold(int position) {
    Member member = pool.at(position);
    if (member.isOpenTo(draw.requesterIp()) || member.addresses().anyPublic()) {
      return true;
    }
    withheld += member.addresses().count();
    done.add(position);
    return false;
  }

  /** Moves up to {@code most} to the front; the others keep their order. */
  private void putAblestFirst(int[] candidates, int found, int most) {
    int[] fitness = new int[found];
    for (int i = 0; i < found; i++) {
      fitness[i] = Fitness.of(pool.at(candidates[i]), draw.wish());
    }
    for (int first = 0; first < most; first++) {
      int best = first;
      for (int i = first + 1; i < found; i++) {
        best = fitness[i] > fitness[best] ? i : best;
      }
      if (best >= found || fitness[best] <= 0) {
        return;
      }
      int position = candidates[best];
      int itsFitness = fitness[best];
      System.arraycopy(candidates, first, candidates, first + 1, best - first);
      System.arraycopy(fitness, first, fitness, first + 1, best - first);
      candidates[first] = position;
      fitness[first] = itsFitness;
    }
  }

  /** Lets the two parts take turns. */
  private Member[] spread() {
    if (near == 0 || near == count) {
      return count == chosen.length ? chosen : Arrays.copyOf(chosen, count);
    }
    Member[] spread = new Member[count];
    int nextNear = 0;
    int nextOther = near;
    for (int i = 0; i < count; i++) {
      // The first is one of those drawn from all, and the last ones are not.
      boolean nearsTurn = (nextNear + 1L) * count <= (i + 1L) * near;
      spread[i] = nearsTurn || nextOther == count ? chosen[nextNear++] : chosen[nextOther++];
    }
    return spread;
  }

  /** A few positions, found by hashing. */
  private static final class PositionSet {
    /** A position plus one; zero is a free slot. */
    private int[] slots;

    private int size;

    PositionSet(int expected) {
      slots = new int[Integer.highestOneBit(Math.max(expected, 4)) << 1];
    }

    int size() {
      return size;
    }

    boolean contains(int position) {
      return slots[slotOf(position)] != 0;
    }

    void add(int position) {
      int slot = slotOf(position);
      if (slots[slot] != 0) {
        return;
      }
      slots[slot] = position + 1;
      if (++size > slots.length / 2) {
        int[] before = slots;
        slots = new int[before.length * 2];
        for (int entry : before) {
          if (entry != 0) {
            slots[slotOf(entry - 1)] = entry;
          }
        }
      }
    }

    private int slotOf(int position) {
      int mask = slots.length - 1;
      int slot = ((position * 0x9e3779b9) >>> Byte.SIZE) & mask;
      while (slots[slot] != 0 && slots[slot] != position + 1) {
        slot = slot + 1 & mask;
      }
      return slot;
    }
  }
}
