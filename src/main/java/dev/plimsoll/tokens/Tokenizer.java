package dev.plimsoll.tokens;

/**
 * Cuts text into the tokens of one vocabulary, as the model's own server does.
 *
 * <p>Special tokens that are written in a text are those tokens, as in a rendered prompt; nothing
 * is added in front or behind. Takes time in proportion to the text, whatever it is. Safe for use
 * by many threads.
 */
public interface Tokenizer {
  /** How many tokens the text is. */
  int count(String text);

  /** The tokens' ids, in order. */
  int[] encode(String text);
}
