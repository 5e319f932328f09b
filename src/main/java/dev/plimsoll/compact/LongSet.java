package dev.plimsoll.compact;

/** A set of longs in one array; grows and never shrinks. */
final class LongSet {
  private long[] slots;
  private int count;
  private boolean zero;

  /** An empty set with room for about {@code expected} values. */
  LongSet(int expected) {
    slots = new long[Integer.highestOneBit(Math.max(8, expected)) * 4];
  }

  /** Takes a value in; false when it is there already. */
  boolean add(long value) {
    if (value == 0) {
      boolean fresh = !zero;
      zero = true;
      return fresh;
    }
    int at = slot(value);
    if (slots[at] == value) {
      return false;
    }
    slots[at] = value;
    if (++count * 2 > slots.length) {
      grow();
    }
    return true;
  }

  /** Whether the value is there. */
  boolean has(long value) {
    return value == 0 ? zero : slots[slot(value)] == value;
  }

  /** Where the value is, or the free slot where it belongs. */
  private int slot(long value) {
    int mask = slots.length - 1;
    int at = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (slots[at] != 0 && slots[at] != value) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long value : old) {
      if (value != 0) {
        slots[slot(value)] = value;
      }
    }
  }
}
