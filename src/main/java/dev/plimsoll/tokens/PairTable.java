package dev.plimsoll.tokens;

import java.util.Arrays;

/**
 * A hash table from a pair of symbols to the rank of their merge and the symbol that it makes.
 *
 * <p>Two arrays of longs, at most two thirds full: 16 bytes a slot, no objects.
 */
final class PairTable {
  static final long NONE = -1;

  private static final long EMPTY = -1;

  private final long[] keys;
  private final long[] values;

  PairTable(int expected) {
    int size = Math.max(16, Integer.highestOneBit(expected + expected / 2) * 2);
    keys = new long[size];
    values = new long[size];
    Arrays.fill(keys, EMPTY);
  }

  /** Enters a merge unless the pair has one already: the first rank counts. */
  void add(int left, int right, int rank, int merged) {
    long key = key(left, right);
    int at = slot(key);
    if (keys[at] == EMPTY) {
      keys[at] = key;
      values[at] = ((long) rank << 32) | merged;
    }
  }

  /** The rank in the upper and the merged symbol in the lower half, or {@link #NONE}. */
  long get(int left, int right) {
    int at = slot(key(left, right));
    return keys[at] == EMPTY ? NONE : values[at];
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int at = (int) (mixed >>> 40) & mask;
    while (keys[at] != EMPTY && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
