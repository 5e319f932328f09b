package dev.plimsoll.tokens;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the special tokens that are written in a text.
 *
 * <p>As llama.cpp does it (llama-vocab.cpp, tokenizer_st_partition): the token with the longest
 * text goes over the whole text first, then the next over what is left. Here one walk over the text
 * tells which tokens occur at all, so that thousands of tokens cost nothing in a text that has
 * none.
 */
final class SpecialTokens {
  private static final int NO_TOKEN = -1;

  /** A token and its text. */
  record Special(int id, String text) {}

  /** Takes a text in pieces, in order. */
  interface Parts {
    /** Text without special tokens; never empty. */
    void text(int from, int to);

    /** A special token. */
    void special(int id);
  }

  private final List<Special> byLength;

  /** A tree of characters: from a node and a character to the next node. */
  private final PairTable children;

  private final int[] rankAt;
  private final boolean[] begins = new boolean[0x80];
  private int nodes = 1;

  SpecialTokens(List<Special> specials) {
    byLength =
        specials.stream()
            .filter(special -> !special.text().isEmpty())
            .sorted(
                Comparator.comparingInt(
                        (Special special) -> -TextBytes.bytes(special.text()).length)
                    .thenComparingInt(Special::id))
            .toList();
    int most = 1 + byLength.stream().mapToInt(special -> special.text().length()).sum();
    children = new PairTable(most);
    rankAt = new int[most];
    Arrays.fill(rankAt, NO_TOKEN);
    for (int rank = 0; rank < byLength.size(); rank++) {
      enter(byLength.get(rank).text(), rank);
    }
  }

  private void enter(String text, int rank) {
    int node = 0;
    for (int i = 0; i < text.length(); i++) {
      long child = children.get(node, text.charAt(i));
      if (child == PairTable.NONE) {
        children.add(node, text.charAt(i), 0, nodes);
        child = nodes++;
      }
      node = (int) child;
    }
    if (rankAt[node] == NO_TOKEN) {
      rankAt[node] = rank;
    }
    if (text.charAt(0) < begins.length) {
      begins[text.charAt(0)] = true;
    }
  }

  /** Cuts a text at its special tokens. */
  void cut(String text, Parts parts) {
    BitSet seen = seen(text);
    if (seen.isEmpty()) {
      if (!text.isEmpty()) {
        parts.text(0, text.length());
      }
      return;
    }
    int at = 0;
    for (long found : places(text, seen)) {
      int from = (int) (found >>> 32);
      Special special = byLength.get((int) found);
      if (from > at) {
        parts.text(at, from);
      }
      parts.special(special.id());
      at = from + special.text().length();
    }
    if (at < text.length()) {
      parts.text(at, text.length());
    }
  }

  /** The ranks of the tokens that occur somewhere, overlaps and all. */
  private BitSet seen(String text) {
    BitSet seen = new BitSet();
    int length = text.length();
    for (int start = 0; start < length; start++) {
      char first = text.charAt(start);
      if (first < begins.length && !begins[first]) {
        continue;
      }
      long node = children.get(0, first);
      for (int i = start + 1; node != PairTable.NONE; i++) {
        if (rankAt[(int) node] != NO_TOKEN) {
          seen.set(rankAt[(int) node]);
        }
        if (i == length) {
          break;
        }
        node = children.get((int) node, text.charAt(i));
      }
    }
    return seen;
  }

  /** Where tokens stand, in the order of the text: the place above, the rank below. */
  private long[] places(String text, BitSet seen) {
    BitSet taken = new BitSet(text.length());
    long[] found = new long[16];
    int count = 0;
    for (int rank = seen.nextSetBit(0); rank >= 0; rank = seen.nextSetBit(rank + 1)) {
      String token = byLength.get(rank).text();
      int at = text.indexOf(token);
      while (at >= 0) {
        int end = at + token.length();
        int overlap = taken.nextSetBit(at);
        if (overlap >= 0 && overlap < end) {
          end = taken.nextClearBit(overlap);
        } else {
          taken.set(at, end);
          if (count == found.length) {
            found = Arrays.copyOf(found, count * 2);
          }
          found[count++] = ((long) at << 32) | rank;
        }
        at = text.indexOf(token, end);
      }
    }
    found = Arrays.copyOf(found, count);
    Arrays.sort(found);
    return found;
  }
}
