package dev.plimsoll.stream;

import dev.plimsoll.json.JsonString;
import java.util.Arrays;

/**
 * Notices a model that says the same over and over: the same bytes again and again, for longer than
 * any table or listing does that.
 *
 * <p>It looks at the text as it is written in JSON, every {@value #STRIDE} bytes, and keeps no more
 * than it looks at.
 */
final class Repetition {
  /** A longer block is not looked for. */
  private static final int LONGEST_BLOCK = 2048;

  /** So often it has to come in a row. */
  private static final int TIMES = 8;

  /** And that much of it there has to be. */
  private static final int LEAST = 4096;

  private static final int STRIDE = 1024;
  private static final int KEPT = LONGEST_BLOCK * TIMES;
  private static final int PROBE = 64;

  private byte[] bytes = new byte[0];
  private int length;
  private int looked;

  /** Takes the next piece; true when it has noticed a repetition. */
  boolean add(JsonString piece) {
    int count = Math.min(piece.end() - piece.start() - 2, KEPT);
    reserve(count);
    System.arraycopy(piece.bytes(), piece.end() - 1 - count, bytes, length, count);
    length += count;
    looked += count;
    if (looked < STRIDE || length < LEAST) {
      return false;
    }
    looked = 0;
    return repeats();
  }

  /** Forgets all: something else begins. */
  void reset() {
    length = 0;
    looked = 0;
  }

  private void reserve(int count) {
    if (length + count <= bytes.length) {
      return;
    }
    if (bytes.length < 2 * KEPT) {
      int wanted = Math.max(length + count, bytes.length * 2);
      bytes = Arrays.copyOf(bytes, Math.min(2 * KEPT, Math.max(STRIDE, wanted)));
      return;
    }
    int kept = Math.min(length, KEPT);
    System.arraycopy(bytes, length - kept, bytes, 0, kept);
    length = kept;
  }

  private boolean repeats() {
    int end = length;
    for (int block = 1; block <= LONGEST_BLOCK && end - PROBE - block >= 0; block++) {
      int span = Math.max(LEAST, block * TIMES);
      boolean again =
          span <= end
              && Arrays.equals(bytes, end - PROBE, end, bytes, end - PROBE - block, end - block)
              && Arrays.equals(bytes, end - span + block, end, bytes, end - span, end - block);
      if (again) {
        return true;
      }
    }
    return false;
  }
}
