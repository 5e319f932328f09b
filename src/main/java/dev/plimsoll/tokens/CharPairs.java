package dev.plimsoll.tokens;

/**
 * The pairs of characters that stand side by side in some token.
 *
 * <p>Between two characters that no token has side by side, no merge can ever reach: there a text
 * may be cut, its pieces merged one by one and remembered, and nothing changes.
 */
final class CharPairs {
  private static final long EMPTY = 0;

  private long[] slots = new long[1 << 12];
  private int used;

  /** Takes the pairs of all texts. */
  CharPairs(TokenTexts texts) {
    for (int number = 0; number < texts.size(); number++) {
      String text = texts.text(number);
      int before = -1;
      for (int i = 0; i < text.length(); ) {
        int c = text.codePointAt(i);
        if (before >= 0) {
          add(key(before, c));
        }
        before = c;
        i += Character.charCount(c);
      }
    }
  }

  private static long key(int before, int c) {
    return ((long) before << 32 | c) + 1;
  }

  private void add(long key) {
    if (used * 2 >= slots.length) {
      long[] old = slots;
      slots = new long[old.length * 2];
      for (long other : old) {
        if (other != EMPTY) {
          slots[slot(other)] = other;
        }
      }
    }
    int at = slot(key);
    if (slots[at] == EMPTY) {
      slots[at] = key;
      used++;
    }
  }

  private int slot(long key) {
    int mask = slots.length - 1;
    int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (slots[at] != EMPTY && slots[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private boolean has(int before, int c) {
    return slots[slot(key(before, c))] != EMPTY;
  }

  /** Cuts a part of a text wherever nothing can be lost. */
  void split(String text, int from, int to, Splitter.Pieces pieces) {
    int start = from;
    int before = -1;
    for (int i = from; i < to; ) {
      int c = text.codePointAt(i);
      if (before >= 0 && !has(before, c)) {
        pieces.piece(text, start, i);
        start = i;
      }
      before = c;
      i += Character.charCount(c);
    }
    if (start < to) {
      pieces.piece(text, start, to);
    }
  }
}
