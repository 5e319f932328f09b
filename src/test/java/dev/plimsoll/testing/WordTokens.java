package dev.plimsoll.testing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokens of a fake llama-server: a word, a run of white space, a mark or a tag of ChatML is
 * one.
 */
public final class WordTokens {
  private static final Pattern TOKEN =
      Pattern.compile("<\\|im_(?:start|end)\\|>|[\\p{L}\\p{N}]+|\\s+|.");

  private WordTokens() {}

  /** The tokens of a text; equal ones have equal numbers. */
  public static List<Integer> of(String text) {
    return TOKEN.matcher(text).results().map(match -> match.group().hashCode() & 0xFFFF).toList();
  }
}
