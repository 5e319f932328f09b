package dev.plimsoll.tokens;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of many short texts in one array, and a hash table from bytes to the text's number.
 *
 * <p>150,000 {@code String}s would take ten times the room. Texts are numbered in the order in
 * which they were added; of equal ones the first is found.
 */
final class TokenTexts {
  static final int NONE = -1;

  private byte[] blob;
  private int[] ends;
  private int size;
  private int[] slots;
  private int used;
  private int longest;

  TokenTexts(int expected) {
    blob = new byte[Math.max(64, expected * 7)];
    ends = new int[Math.max(16, expected)];
    slots = emptySlots(Math.max(64, Integer.highestOneBit(Math.max(1, expected)) * 4));
  }

  private static int[] emptySlots(int count) {
    int[] empty = new int[count];
    Arrays.fill(empty, NONE);
    return empty;
  }

  int size() {
    return size;
  }

  /** The length of the longest text that can be found, in bytes. */
  int longest() {
    return longest;
  }

  /** Adds a text and returns its number; one that is not findable is only kept. */
  int add(byte[] text, boolean findable) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size + (size >> 1));
    }
    int start = start(size);
    int end = Math.addExact(start, text.length);
    if (end > blob.length) {
      blob = Arrays.copyOf(blob, Math.max(end, Math.addExact(blob.length, blob.length >> 1)));
    }
    System.arraycopy(text, 0, blob, start, text.length);
    ends[size] = end;
    if (findable) {
      enter(size);
    }
    return size++;
  }

  private void enter(int number) {
    if (used * 2 >= slots.length) {
      int[] before = slots;
      slots = emptySlots(before.length * 2);
      for (int other : before) {
        if (other != NONE) {
          slots[slot(blob, start(other), ends[other])] = other;
        }
      }
    }
    int at = slot(blob, start(number), ends[number]);
    if (slots[at] == NONE) {
      slots[at] = number;
      used++;
      longest = Math.max(longest, ends[number] - start(number));
    }
  }

  /** The number of the text that these bytes are, or {@link #NONE}. */
  int find(byte[] bytes, int from, int to) {
    return to - from > longest ? NONE : slots[slot(bytes, from, to)];
  }

  int find(byte[] bytes) {
    return find(bytes, 0, bytes.length);
  }

  /** The slot that holds the text, or the empty one in which it belongs. */
  private int slot(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    int at = hash(bytes, from, to) & mask;
    while (slots[at] != NONE) {
      int number = slots[at];
      if (Arrays.equals(blob, start(number), ends[number], bytes, from, to)) {
        return at;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0x811C9DC5; // FNV-1a, then mixed: the low bits choose the slot
    for (int i = from; i < to; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * 0x01000193;
    }
    hash ^= hash >>> 15;
    hash *= 0x2C1B3C6D;
    return hash ^ (hash >>> 13);
  }

  int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  int end(int number) {
    return ends[number];
  }

  /** All texts, one behind the other; not to be written to. */
  byte[] blob() {
    return blob;
  }

  byte[] bytes(int number) {
    return Arrays.copyOfRange(blob, start(number), ends[number]);
  }

  String text(int number) {
    int start = start(number);
    return new String(blob, start, ends[number] - start, StandardCharsets.UTF_8);
  }
}
