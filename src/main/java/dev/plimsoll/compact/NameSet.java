package dev.plimsoll.compact;

/**
 * All names that stand in some texts, as a set of hashes.
 *
 * <p>A name is held when it stands in one of the texts with no letter, digit or underscore directly
 * before or behind it, also as a part of a longer one: {@code a/b.py} is in {@code x/a/b.py}. Two
 * names with one hash of 64 bits would count as the same; that loses a name from a record, no more.
 */
final class NameSet {
  /** So many words of a longer run are told together; no path worth keeping is longer. */
  private static final int MOST_WORDS = 12;

  private final LongSet hashes = new LongSet(1024);

  /** Takes in the names of a text. */
  void add(String text) {
    int at = 0;
    int length = text.length();
    while (at < length) {
      if (!Characters.isWord(text.charAt(at))) {
        at++;
        continue;
      }
      spansFrom(text, at);
      at = wordEnd(text, at);
    }
  }

  /** Every run of words that begins here. */
  private void spansFrom(String text, int from) {
    long hash = 0;
    int at = from;
    for (int words = 0; words < MOST_WORDS; words++) {
      int end = wordEnd(text, at);
      hash = hash(hash, text, at, end);
      hashes.add(hash);
      at = end;
      while (at < text.length() && Characters.isJoiner(text.charAt(at))) {
        at++;
      }
      if (at == end || at == text.length() || !Characters.isWord(text.charAt(at))) {
        return;
      }
      hash = hash(hash, text, end, at);
    }
  }

  private static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && Characters.isWord(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Whether the name stands in one of the texts. */
  boolean has(String name) {
    return hashes.has(hash(name));
  }

  /** The hash of a name; what joins words at its start does not count. */
  static long hash(String name) {
    int from = 0;
    while (from < name.length() && !Characters.isWord(name.charAt(from))) {
      from++;
    }
    int end = name.length();
    while (end > from && !Characters.isWord(name.charAt(end - 1))) {
      end--;
    }
    return hash(0, name, from, end);
  }

  private static long hash(long start, String text, int from, int end) {
    long hash = start;
    for (int i = from; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
