package io.ppstp.tracker.domain.swarm;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A set of peers, found by ID and by position: insert, remove, look-up and random access are O(1).
 * Confined to whoever guards the state object it belongs to.
 *
 * <p>The items stand in an array without gaps, in no order that matters: the last takes the place
 * of a removed one. An open-addressed table of positions finds them by ID. Hash values ({@link
 * IdHash}) stand beside the items, so that growing does not visit a million IDs.
 */
public final class IndexedSet<T extends IndexedSet.Identified> {
  private static final int INITIAL_CAPACITY = 4;

  private Object[] items = new Object[INITIAL_CAPACITY];
  private int[] hashes = new int[INITIAL_CAPACITY];

  /** Positions plus one; zero is a free slot. The length is a power of two. */
  private int[] slots = new int[INITIAL_CAPACITY * 2];

  private int size;

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  @SuppressWarnings("unchecked")
  public T at(int position) {
    return (T) items[position];
  }

  public @Nullable T get(String id) {
    int position = positionOf(id);
    return position < 0 ? null : at(position);
  }

  /** Returns where the item with this ID stands, or -1. */
  int positionOf(String id) {
    return slots[slotOf(id, IdHash.of(id))] - 1;
  }

  /** Returns the item with this ID, whose {@link IdHash} is known, or null. */
  @Nullable T get(String id, int hash) {
    int position = slots[slotOf(id, hash)] - 1;
    return position < 0 ? null : at(position);
  }

  /** Puts what {@code change} makes of the item with this ID in its place, if there is one. */
  boolean replace(String id, UnaryOperator<T> change) {
    int position = positionOf(id);
    if (position < 0) {
      return false;
    }
    items[position] = change.apply(at(position));
    return true;
  }

  /** Adds an item, or takes it in place of the one with the same ID, which is returned. */
  public @Nullable T put(T item) {
    int hash = IdHash.of(item.id());
    int slot = slotOf(item.id(), hash);
    if (slots[slot] != 0) {
      int position = slots[slot] - 1;
      T before = at(position);
      items[position] = item;
      return before;
    }
    if (size == items.length) {
      resize(size + (size >> 1) + 1);
      slot = slotOf(item.id(), hash);
    }
    items[size] = item;
    hashes[size] = hash;
    slots[slot] = ++size;
    return null;
  }

  /** Removes the item with this ID, if there is one, and returns it. */
  public @Nullable T remove(String id) {
    int slot = slotOf(id, IdHash.of(id));
    int position = slots[slot] - 1;
    if (position < 0) {
      return null;
    }
    T removed = at(position);
    freeSlot(slot);
    int last = size - 1;
    if (position != last) {
      slots[slotOfPosition(last)] = position + 1;
      items[position] = items[last];
      hashes[position] = hashes[last];
    }
    items[last] = null;
    size = last;
    if (items.length > INITIAL_CAPACITY && size < items.length / 4) {
      resize(Math.max(INITIAL_CAPACITY, items.length / 2));
    }
    return removed;
  }

  /** Closes the gap by moving back what probed past it, so that no tombstones are needed. */
  private void freeSlot(int freed) {
    int mask = slots.length - 1;
    int gap = freed;
    for (int probe = (gap + 1) & mask; slots[probe] != 0; probe = (probe + 1) & mask) {
      int home = hashes[slots[probe] - 1] & mask;
      if (((probe - home) & mask) >= ((probe - gap) & mask)) {
        slots[gap] = slots[probe];
        gap = probe;
      }
    }
    slots[gap] = 0;
  }

  private void resize(int capacity) {
    items = Arrays.copyOf(items, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    int wanted = Integer.highestOneBit(capacity * 4 / 3) << 1;
    if (wanted != slots.length) {
      slots = new int[wanted];
      int mask = wanted - 1;
      for (int position = 0; position < size; position++) {
        int slot = hashes[position] & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = position + 1;
      }
    }
  }

  /** Returns the slot that holds this ID, or the free one where it belongs. */
  private int slotOf(String id, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int position = slots[slot] - 1;
      if (hashes[position] == hash && at(position).id().equals(id)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int slotOfPosition(int position) {
    int mask = slots.length - 1;
    int slot = hashes[position] & mask;
    while (slots[slot] != position + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Something that an {@link IndexedSet} finds by its peer ID, which never changes. */
  public interface Identified {
    String id();
  }
}
