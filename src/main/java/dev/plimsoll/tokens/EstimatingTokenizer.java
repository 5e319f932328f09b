package dev.plimsoll.tokens;

/**
 * Guesses how many tokens a text is, for models whose vocabulary is not to be had.
 *
 * <p>The text is cut as most newer models cut it; a piece counts by its kind and length. Set
 * against the vocabularies of Qwen 2.5, Llama 3, GPT-4o and DeepSeek V3 the guess is 0 to 15 in a
 * hundred too high on code, prose and JSON: too much is what does no harm.
 */
final class EstimatingTokenizer implements Tokenizer {
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

  private static int guess(String text, int from, int to) {
    int ascii = 0;
    int others = 0;
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < 0x80) {
        ascii++;
      } else {
        others++;
      }
    }
    char last = text.charAt(to - 1);
    if (Character.isWhitespace(last)) {
      return 1 + (to - from) / 64;
    }
    int letters = Character.isLetter(last) ? 7 : 3;
    return (ascii + letters - 1) / letters + others;
  }
}
