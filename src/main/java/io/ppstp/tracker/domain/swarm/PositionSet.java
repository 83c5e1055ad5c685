package io.ppstp.tracker.domain.swarm;

/** A few positions, found by hashing. Confined to one draw. */
final class PositionSet {
  /** A position plus one; zero is a free slot. */
  private int[] slots;

  private int size;

  /** Makes one with room for so many; it grows. */
  PositionSet(int expected) {
    slots = new int[Integer.highestOneBit(Math.max(expected, 4)) << 1];
  }

  int size() {
    return size;
  }

  boolean contains(int position) {
    return size > 0 && slots[slotOf(position)] != 0;
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
