package io.ppstp.tracker.domain.swarm;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Finds the items of an array that have a number in common, and lets them be drawn at random: who
 * has been told a key gets the positions of all that have it, by an index without gaps. Adding,
 * removing and moving are O(1). Confined to whoever guards the array.
 *
 * <p>An open-addressed table has for each key the position of the only item that has it, or the
 * number of a group. Most keys of hosts have one item, and take one slot. The positions of a small
 * group stand side by side in a pool that all such groups share, in a run whose length is a power
 * of two; a large one has an array of its own. Keys are not kept here: the items have them. They
 * come from strangers' addresses, so that slots are found by a secret.
 */
final class KeyGroups {
  private static final long HASH_KEY = new SecureRandom().nextLong() | 1;
  private static final int LEAST_SLOTS = 16;
  private static final int SMALLEST_RUN = 1;
  private static final int LARGEST_RUN = 6;

  /** Stands for the run of a group that has an array of its own. */
  private static final int OWN_ARRAY = 0;

  /** In a group's word: the bits of its run's length, below its size. */
  private static final int RUN_BITS = 5;

  private static final int RUN_MASK = (1 << RUN_BITS) - 1;

  private static final int[] NO_ARRAY = new int[0];

  private final IntUnaryOperator keyAt;

  /** Zero is free; a position plus one, or the complement of a group's number. */
  private int[] slots = new int[LEAST_SLOTS];

  private int keys;

  /** By position: where in its group it stands; means nothing for one that is in none. */
  private int[] within = new int[LEAST_SLOTS];

  /** By group: where its run is in the pool, or the number of its own array. */
  private int[] starts = new int[4];

  /** Size and run of each group; of one that is given back, the next of those. */
  private int[] sizes = new int[4];

  private int groups;
  private int freeGroup = -1;

  private int[] pool = new int[LEAST_SLOTS];
  private int poolEnd;

  /** The first free run of each length, whose first place has the next; -1 is none. */
  private final int[] freeRuns = new int[LARGEST_RUN + 1];

  private int[][] arrays = new int[0][];
  private int arrayCount;
  private int[] freeArrays = NO_ARRAY;
  private int freeArrayCount;

  /**
   * Makes one without items.
   *
   * @param keyAt the key of the item at a position, 0 if it has none; the same until it is removed
   */
  KeyGroups(IntUnaryOperator keyAt) {
    this.keyAt = keyAt;
    Arrays.fill(freeRuns, -1);
  }

  /** Returns the positions of all items with {@code key}. */
  Positions of(int key) {
    int found = key == 0 ? 0 : slots[slotOf(key)];
    if (found == 0) {
      return Positions.NONE;
    }
    return found > 0
        ? Positions.of(new int[] {found - 1}, 0, 1)
        : Positions.of(home(~found), offset(~found), size(~found));
  }

  /** Takes in the item that has come to stand at {@code position}. */
  void add(int position) {
    int key = keyAt.applyAsInt(position);
    if (key == 0) {
      return;
    }
    if (position >= within.length) {
      within = Arrays.copyOf(within, position + (position >> 3) + 1);
    }
    int slot = slotOf(key);
    int found = slots[slot];
    if (found == 0) {
      slots[slot] = position + 1;
      if (++keys > slots.length / 4 * 3) {
        resize(slots.length * 2);
      }
    } else if (found > 0) {
      int group = newGroup();
      slots[slot] = ~group;
      append(group, found - 1);
      append(group, position);
    } else {
      append(~found, position);
    }
  }

  /** Lets go of the item at {@code position}, which still stands there. */
  void remove(int position) {
    int key = keyAt.applyAsInt(position);
    if (key == 0) {
      return;
    }
    int slot = slotOf(key);
    if (slots[slot] > 0) {
      freeSlot(slot);
      keys--;
      return;
    }
    int group = ~slots[slot];
    int[] home = home(group);
    int offset = offset(group);
    int last = size(group) - 1;
    int moved = home[offset + last];
    home[offset + within[position]] = moved;
    within[moved] = within[position];
    set(group, last, run(group));
    if (last == 1) {
      slots[slot] = home[offset] + 1;
      freeGroup(group);
    } else if (run(group) == OWN_ARRAY) {
      if (last < home.length / 2) {
        relocate(group, last);
      }
    } else if (run(group) > SMALLEST_RUN && last <= 1 << (run(group) - 2)) {
      relocate(group, last);
    }
  }

  /** Notes that the item at {@code from}, which still stands there, is to stand at {@code to}. */
  void move(int from, int to) {
    int key = keyAt.applyAsInt(from);
    if (key == 0) {
      return;
    }
    int slot = slotOf(key);
    if (slots[slot] > 0) {
      slots[slot] = to + 1;
    } else {
      home(~slots[slot])[offset(~slots[slot]) + within[from]] = to;
      within[to] = within[from];
    }
  }

  private int size(int group) {
    return sizes[group] >>> RUN_BITS;
  }

  private int run(int group) {
    return sizes[group] & RUN_MASK;
  }

  private void set(int group, int size, int run) {
    sizes[group] = size << RUN_BITS | run;
  }

  private int[] home(int group) {
    return run(group) == OWN_ARRAY ? arrays[starts[group]] : pool;
  }

  private int offset(int group) {
    return run(group) == OWN_ARRAY ? 0 : starts[group];
  }

  private int newGroup() {
    int group = freeGroup;
    if (group >= 0) {
      freeGroup = sizes[group];
    } else {
      group = groups++;
      if (group == starts.length) {
        starts = Arrays.copyOf(starts, group + (group >> 2) + 1);
        sizes = Arrays.copyOf(sizes, starts.length);
      }
    }
    starts[group] = newRun(SMALLEST_RUN);
    set(group, 0, SMALLEST_RUN);
    return group;
  }

  private void freeGroup(int group) {
    freeRun(starts[group], run(group));
    sizes[group] = freeGroup;
    freeGroup = group;
  }

  private void append(int group, int position) {
    int size = size(group);
    if (size == (run(group) == OWN_ARRAY ? home(group).length : 1 << run(group))) {
      relocate(group, size + 1);
    }
    home(group)[offset(group) + size] = position;
    within[position] = size;
    set(group, size + 1, run(group));
  }

  /** Gives a group room for {@code room} items, and for some to come. */
  private void relocate(int group, int room) {
    int[] before = home(group);
    int from = offset(group);
    int run = Integer.SIZE - Integer.numberOfLeadingZeros(room - 1);
    boolean hadOwnArray = run(group) == OWN_ARRAY;
    if (run > LARGEST_RUN) {
      int[] own = new int[room + (room >> 3)];
      System.arraycopy(before, from, own, 0, size(group));
      if (!hadOwnArray) {
        freeRun(from, run(group));
        starts[group] = newArray();
      }
      arrays[starts[group]] = own;
      set(group, size(group), OWN_ARRAY);
      return;
    }
    int to = newRun(Math.max(run, SMALLEST_RUN));
    System.arraycopy(hadOwnArray ? before : pool, from, pool, to, size(group));
    if (hadOwnArray) {
      arrays[starts[group]] = NO_ARRAY;
      freeArrays[freeArrayCount++] = starts[group];
    } else {
      freeRun(from, run(group));
    }
    starts[group] = to;
    set(group, size(group), Math.max(run, SMALLEST_RUN));
  }

  private int newArray() {
    if (freeArrayCount > 0) {
      return freeArrays[--freeArrayCount];
    }
    if (arrayCount == arrays.length) {
      arrays = Arrays.copyOf(arrays, arrayCount + (arrayCount >> 1) + 1);
      freeArrays = Arrays.copyOf(freeArrays, arrays.length);
    }
    return arrayCount++;
  }

  private int newRun(int run) {
    int start = freeRuns[run];
    if (start >= 0) {
      freeRuns[run] = pool[start];
      return start;
    }
    start = poolEnd;
    poolEnd += 1 << run;
    if (poolEnd > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(poolEnd, pool.length + (pool.length >> 2)));
    }
    return start;
  }

  private void freeRun(int start, int run) {
    pool[start] = freeRuns[run];
    freeRuns[run] = start;
  }

  private static int hash(int key) {
    long hash = (key ^ HASH_KEY) * HASH_KEY;
    return (int) (hash >>> 32 ^ hash >>> 17);
  }

  private int keyOf(int entry) {
    return keyAt.applyAsInt(entry > 0 ? entry - 1 : home(~entry)[offset(~entry)]);
  }

  /** Returns the slot that has this key, or the free one where it belongs. */
  private int slotOf(int key) {
    int mask = slots.length - 1;
    int slot = hash(key) & mask;
    while (slots[slot] != 0 && keyOf(slots[slot]) != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /** Closes the gap by moving back what probed past it, so that no tombstones are needed. */
  private void freeSlot(int freed) {
    int mask = slots.length - 1;
    int gap = freed;
    for (int probe = gap + 1 & mask; slots[probe] != 0; probe = probe + 1 & mask) {
      int home = hash(keyOf(slots[probe])) & mask;
      if ((probe - home & mask) >= (probe - gap & mask)) {
        slots[gap] = slots[probe];
        gap = probe;
      }
    }
    slots[gap] = 0;
  }

  private void resize(int length) {
    int[] before = slots;
    slots = new int[length];
    int mask = length - 1;
    for (int entry : before) {
      if (entry != 0) {
        int slot = hash(keyOf(entry)) & mask;
        while (slots[slot] != 0) {
          slot = slot + 1 & mask;
        }
        slots[slot] = entry;
      }
    }
  }
}
