package dev.plimsoll.tokens;

/** How well a model's tokens can be counted, and by what. */
public sealed interface Tokenization {
  /** What counts. */
  Tokenizer tokenizer();

  /** The model's own vocabulary and rules: the server's own numbers. */
  record Exact(Tokenizer tokenizer) implements Tokenization {}

  /**
   * Something near to it; numbers are a few in a hundred off, and are told as estimated.
   *
   * @param why what is not known of the model
   */
  record Estimated(Tokenizer tokenizer, String why) implements Tokenization {}

  /** Whether the numbers are the server's own. */
  default boolean exact() {
    return switch (this) {
      case Exact _ -> true;
      case Estimated _ -> false;
    };
  }
}
