package dev.plimsoll.tokens;

import java.util.Arrays;

/**
 * The symbols of one piece of text while neighbours are merged: best pair first, leftmost of
 * equals.
 *
 * <p>Pairs wait in a heap; one whose symbols have changed since is passed over. That makes n
 * symbols cost n log n, however alike they are.
 */
final class Symbols {
  /** No symbol, no token. */
  static final int NONE = -1;

  /** Tells what two neighbours make. */
  interface Pairs {
    /** No merge. */
    long NONE = -1;

    /**
     * What the symbols at two indexes merge into.
     *
     * @return how late in the upper half (smaller is sooner, never negative) and the new symbol in
     *     the lower one, or {@link #NONE}
     */
    long merge(Symbols symbols, int left, int right);
  }

  private final int count;
  private final int[] ids;
  private final int[] starts;
  private final int[] next;
  private final int[] previous;
  private long[] heap = new long[16];
  private int[] results = new int[16];
  private int waiting;
  private long steps;

  /**
   * Starts with the given symbols.
   *
   * @param ids the symbols' ids, {@link #NONE} for what is none
   * @param starts where each begins in the piece, and behind them the piece's length
   * @param count how many there are
   */
  Symbols(int[] ids, int[] starts, int count) {
    this.count = count;
    this.ids = ids;
    this.starts = starts;
    this.next = new int[count];
    this.previous = new int[count];
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : NONE;
      previous[i] = i - 1;
    }
  }

  /** The symbol at an index. */
  int id(int index) {
    return ids[index];
  }

  /** Where the symbol at an index begins. */
  int start(int index) {
    return starts[index];
  }

  /** Where the symbol at an index ends. */
  int end(int index) {
    return next[index] == NONE ? starts[count] : starts[next[index]];
  }

  /** The index of the next symbol, or {@link #NONE}. */
  int next(int index) {
    return next[index];
  }

  /** How many pairs were looked at; what a merge costs, for tests. */
  long steps() {
    return steps;
  }

  /** Merges until nothing merges any more. */
  void merge(Pairs pairs) {
    for (int i = 0; i + 1 < count; i++) {
      offer(pairs, i, i + 1);
    }
    while (waiting > 0) {
      int left = (int) heap[0];
      int merged = results[0];
      removeFirst();
      int right = previous[left] == left ? NONE : next[left];
      if (right == NONE || (int) look(pairs, left, right) != merged) {
        continue; // one of the two is gone or has grown
      }
      ids[left] = merged;
      next[left] = next[right];
      previous[right] = right; // marks it as gone
      if (next[right] != NONE) {
        previous[next[right]] = left;
        offer(pairs, left, next[right]);
      }
      if (previous[left] != NONE) {
        offer(pairs, previous[left], left);
      }
    }
  }

  private long look(Pairs pairs, int left, int right) {
    steps++;
    return pairs.merge(this, left, right);
  }

  private void offer(Pairs pairs, int left, int right) {
    long merge = look(pairs, left, right);
    if (merge != Pairs.NONE) {
      add((merge & 0xFFFFFFFF00000000L) | left, (int) merge);
    }
  }

  private void add(long key, int result) {
    if (waiting == heap.length) {
      heap = Arrays.copyOf(heap, waiting * 2);
      results = Arrays.copyOf(results, waiting * 2);
    }
    int at = waiting++;
    while (at > 0 && heap[(at - 1) >> 1] > key) {
      int parent = (at - 1) >> 1;
      heap[at] = heap[parent];
      results[at] = results[parent];
      at = parent;
    }
    heap[at] = key;
    results[at] = result;
  }

  private void removeFirst() {
    long key = heap[--waiting];
    int result = results[waiting];
    int at = 0;
    for (int child = 1; child < waiting; child = 2 * at + 1) {
      if (child + 1 < waiting && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      results[at] = results[child];
      at = child;
    }
    heap[at] = key;
    results[at] = result;
  }
}
