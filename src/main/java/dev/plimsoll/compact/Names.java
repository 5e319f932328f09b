package dev.plimsoll.compact;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the names in a text: paths, dotted names, words with an underscore or inner capital, error
 * classes, hexadecimal ids.
 *
 * <p>These are what an agent cannot guess again once they are out of its sight. Works on characters
 * alone, in one pass, for any programming language.
 */
final class Names {
  /** Shorter ones are everywhere, and longer ones are no names. */
  static final int SHORTEST = 5;

  static final int LONGEST = 160;

  private final String text;
  private final Set<String> found = new LinkedHashSet<>();

  private Names(String text) {
    this.text = text;
  }

  /** The names in the order of their first places, each once. */
  static Set<String> in(String text) {
    Names names = new Names(text);
    int at = 0;
    while (at < text.length()) {
      if (!inRun(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < text.length() && inRun(text.charAt(end))) {
        end++;
      }
      names.run(at, end);
      at = end;
    }
    return names.found;
  }

  private static boolean inRun(char c) {
    return Characters.isWord(c) || Characters.isJoiner(c);
  }

  /** Words and what joins them, without anything else between. */
  private void run(int from, int to) {
    int end = to;
    while (end > from && !Characters.isWord(text.charAt(end - 1))) {
      end--;
    }
    if (isPath(from, end)) {
      path(from, end);
      return;
    }
    int at = from;
    while (at < end) {
      int stop = at;
      while (stop < end && isDotted(text.charAt(stop))) {
        stop++;
      }
      dotted(at, stop);
      at = stop + 1;
    }
  }

  private static boolean isDotted(char c) {
    return Characters.isWord(c) || c == '.';
  }

  private boolean isPath(int from, int end) {
    for (int i = from; i < end; i++) {
      if (text.charAt(i) == '/') {
        return true;
      }
    }
    return hasEnding(from, end);
  }

  /** Whether it is a file's name with one of the usual short endings, such as {@code a-b.toml}. */
  private boolean hasEnding(int from, int end) {
    int dot = text.lastIndexOf('.', end - 1);
    return dot > from && FileEnding.known(text, dot + 1, end);
  }

  private void path(int from, int end) {
    int start = from;
    while (start < end && text.charAt(start) != '/' && !startsPath(text.charAt(start))) {
      start++;
    }
    boolean letters = false;
    for (int i = start; i < end && !letters; i++) {
      letters = Character.isLetter(text.charAt(i));
    }
    if (letters) {
      add(start, end);
    }
  }

  private static boolean startsPath(char c) {
    return Characters.isWord(c) || c == '.' || c == '~';
  }

  private void dotted(int from, int to) {
    int start = from;
    int end = to;
    while (start < end && text.charAt(start) == '.') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == '.') {
      end--;
    }
    if (end - start < SHORTEST) {
      return;
    }
    boolean joined = false;
    boolean names = true;
    int at = start;
    while (at < end) {
      int stop = at;
      while (stop < end && text.charAt(stop) != '.') {
        stop++;
      }
      names &= stop > at && !Characters.isDigit(text.charAt(at));
      word(at, stop);
      joined |= stop < end;
      at = stop + 1;
    }
    if (joined && names) {
      add(start, end);
    }
  }

  private void word(int from, int end) {
    if (end - from >= SHORTEST && isName(from, end)) {
      add(from, end);
    }
  }

  /** Whether a word cannot be one of a plain sentence. */
  private boolean isName(int from, int end) {
    boolean lower = false;
    boolean upper = false;
    boolean inner = false;
    boolean digit = false;
    boolean beyondHex = false;
    boolean underscore = false;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      underscore |= c == '_';
      digit |= Characters.isDigit(c);
      inner |= lower && Characters.isUpper(c);
      lower |= Characters.isLower(c);
      upper |= Characters.isUpper(c);
      beyondHex |= !Characters.isDigit(c) && (c < 'a' || c > 'f');
    }
    if (Characters.isDigit(text.charAt(from)) || !beyondHex) {
      return !beyondHex && digit && lower && end - from >= 7;
    }
    return (underscore && (lower || upper)) || inner;
  }

  private void add(int from, int end) {
    if (end - from >= SHORTEST && end - from <= LONGEST) {
      found.add(text.substring(from, end));
    }
  }
}
