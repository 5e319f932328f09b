package dev.plimsoll.tokens;

import dev.plimsoll.tokens.Vocabulary.Traits;
import java.util.Optional;

/** Chooses what counts a model's tokens. */
public final class Tokenizers {
  private Tokenizers() {}

  /** The tokeniser of a vocabulary; an unknown kind or rule is no failure, but is estimated. */
  public static Tokenization of(Vocabulary vocabulary) {
    Traits traits = vocabulary.traits();
    return switch (traits.kind()) {
      case SENTENCE_PIECE -> new Tokenization.Exact(new SentencePieceTokenizer(vocabulary));
      case BYTE_PAIRS, CHARACTER_PAIRS -> pairs(vocabulary, traits.pre());
      case OTHER -> unknown("tokeniser \"" + traits.model() + "\"");
    };
  }

  private static Tokenization pairs(Vocabulary vocabulary, String pre) {
    Optional<Splitter> splitter = Splitters.find(pre);
    return splitter.isPresent()
        ? new Tokenization.Exact(new BytePairTokenizer(vocabulary, splitter.get()))
        : new Tokenization.Estimated(
            new BytePairTokenizer(vocabulary, Splitters.usual()),
            "its splitting rules \"" + pre + "\" are not known");
  }

  /** For a model whose vocabulary is not to be had. */
  public static Tokenization unknown(String what) {
    return new Tokenization.Estimated(new EstimatingTokenizer(), what + " is not known");
  }
}
