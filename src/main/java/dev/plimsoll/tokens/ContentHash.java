package dev.plimsoll.tokens;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A hash of 128 bits over bytes, eight at a time.
 *
 * <p>Not for secrets: who knows it can make two contents alike, and gains a wrong count of his own
 * prompt by it.
 */
final class ContentHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long high = 0x9E3779B97F4A7C15L;
  private long low = 0xD1B54A32D192ED03L;

  /** Adds a word and its end, so that no two lists of words are alike. */
  void add(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    add(bytes, 0, bytes.length);
  }

  void add(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      mix((long) LONGS.get(bytes, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << 8 | (bytes[at] & 0xFF);
    }
    mix(rest);
    mix(to - from);
  }

  private void mix(long word) {
    high = Long.rotateLeft((high ^ word) * 0xFF51AFD7ED558CCDL, 31);
    low = Long.rotateLeft((low + word) * 0xC4CEB9FE1A85EC53L, 29) ^ high;
  }

  long high() {
    return high ^ (high >>> 32);
  }

  long low() {
    return low ^ (low >>> 29);
  }
}
