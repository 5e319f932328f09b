package dev.plimsoll.tokens;

import org.jspecify.annotations.Nullable;

/**
 * Remembers how many tokens short pieces are: code and prose repeat the same few thousand.
 *
 * <p>A piece of up to {@value #MOST} bytes is its own key, so that no two are ever mixed up. One
 * slot for each hash: a newer piece takes an older one's place, which bounds it to about a
 * megabyte. Slots are read and written without locks; an entry never changes.
 */
final class PieceCache {
  /** The longest piece that is remembered, in bytes. */
  static final int MOST = 15;

  private static final int SLOTS = 1 << 15;

  private record Entry(long high, long low, int count) {}

  private final @Nullable Entry[] entries = new Entry[SLOTS];

  /** The number that goes with a key, or -1. */
  int get(long high, long low) {
    Entry entry = entries[slot(high, low)];
    return entry != null && entry.high == high && entry.low == low ? entry.count : -1;
  }

  void put(long high, long low, int count) {
    entries[slot(high, low)] = new Entry(high, low, count);
  }

  private static int slot(long high, long low) {
    long mixed = (high ^ Long.rotateLeft(low, 29)) * 0x9E3779B97F4A7C15L;
    return (int) ((mixed ^ (mixed >>> 32)) & (SLOTS - 1));
  }

  /** The first eight of a short piece's bytes, with its length. */
  static long high(byte[] bytes, int length) {
    return pack(bytes, 0, Math.min(length, 7)) << 8 | length;
  }

  /** The other bytes of a short piece. */
  static long low(byte[] bytes, int length) {
    return pack(bytes, 7, length);
  }

  private static long pack(byte[] bytes, int from, int to) {
    long packed = 0;
    for (int i = from; i < to; i++) {
      packed = packed << 8 | (bytes[i] & 0xFF);
    }
    return packed;
  }
}
