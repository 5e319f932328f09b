package dev.plimsoll.tokens;

/**
 * Guesses how many tokens a text is, for models whose vocabulary is not to be had.
 *
 * <p>The text is cut as most newer models cut it; a piece counts by its kind and length. Set
 * against the vocabularies of Qwen 2.5, Llama 3, GPT-4o and DeepSeek V3, the guess for code, logs,
 * prose and JSON is 12 in a hundred too low to 10 too high; for German up to 26 too low, for
 * Russian and Chinese 7 to 58 too high.
 */
final class EstimatingTokenizer implements Tokenizer {
  /** What a character counts, in hundredths of a token. */
  private static final int LETTER = 17;

  private static final int DIGIT = 70;
  private static final int MARK = 50;
  private static final int LATIN_LETTER = 100;
  private static final int OTHER_LETTER = 35;
  private static final int IDEOGRAPH = 75;
  private static final int SPACES = 3;

  private final Splitter splitter = Splitters.usual();

  @Override
  public int count(String text) {
    int[] count = {0};
    splitter.split(text, 0, text.length(), (all, from, to) -> count[0] += guess(all, from, to));
    return count[0];
  }

  /** There are no ids; each token is 0. */
  @Override
  public int[] encode(String text) {
    return new int[count(text)];
  }

  /** At least one token, since a piece is never part of another's. */
  private static int guess(String text, int from, int to) {
    int hundredths = 0;
    for (int i = from; i < to; i++) {
      hundredths += weight(text.charAt(i));
    }
    return Math.max(1, (hundredths + 50) / 100);
  }

  private static int weight(char c) {
    if (Character.isWhitespace(c)) {
      return SPACES;
    }
    if (Character.isDigit(c)) {
      return DIGIT;
    }
    if (c < 0x80) {
      return Character.isLetter(c) ? LETTER : MARK;
    }
    if (Character.isIdeographic(c)) {
      return IDEOGRAPH;
    }
    if (Character.isLetter(c)) {
      return c < 0x250 ? LATIN_LETTER : OTHER_LETTER;
    }
    return 100;
  }
}
