package dev.plimsoll.tokens;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into the pieces within which tokens are merged.
 *
 * <p>A list of expressions, applied in turn: each cuts every fragment of the one before into its
 * matches and the gaps between them, and the gaps are kept (llama.cpp, unicode_regex_split).
 */
final class Splitter {
  /** Takes the pieces of a text, in order. */
  interface Pieces {
    /** The next piece; never empty. */
    void piece(String text, int from, int to);
  }

  private final List<Pattern> expressions;

  /** The expressions in the notation of tokeniser files: there, white space is Unicode's. */
  Splitter(List<String> expressions) {
    List<Pattern> compiled = new ArrayList<>();
    for (String expression : expressions) {
      compiled.add(
          Pattern.compile(
              expression
                  .replace("\\s", "\\p{IsWhite_Space}")
                  .replace("\\S", "\\P{IsWhite_Space}")));
    }
    this.expressions = List.copyOf(compiled);
  }

  /** Cuts a part of a text. */
  void split(String text, int from, int to, Pieces pieces) {
    Matcher[] matchers = new Matcher[expressions.size()];
    for (int i = 0; i < matchers.length; i++) {
      matchers[i] = expressions.get(i).matcher(text);
    }
    split(matchers, 0, text, from, to, pieces);
  }

  private static void split(
      Matcher[] matchers, int level, String text, int from, int to, Pieces pieces) {
    if (level == matchers.length) {
      pieces.piece(text, from, to);
      return;
    }
    // Bounds are anchoring and opaque by default: looking ahead ends where the fragment ends.
    Matcher matcher = matchers[level].region(from, to);
    int at = from;
    while (at < to && matcher.find()) {
      int start = matcher.start();
      int end = matcher.end();
      if (start == end) {
        continue;
      }
      if (start > at) {
        split(matchers, level + 1, text, at, start, pieces);
      }
      split(matchers, level + 1, text, start, end, pieces);
      at = end;
    }
    if (at < to) {
      split(matchers, level + 1, text, at, to, pieces);
    }
  }
}
