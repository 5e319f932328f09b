package dev.plimsoll.tokens;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a model and how they are made: what a GGUF file says under {@code
 * tokenizer.ggml.*}.
 *
 * <p>Made by a {@link VocabularyBuilder}; never changed after that. 150,000 tokens take about 5 MB.
 */
public final class Vocabulary {
  /** The rules by which a text becomes tokens. */
  public enum Kind {
    /** BPE over bytes, written in {@link ByteAlphabet}; {@code gpt2} in GGUF. */
    BYTE_PAIRS,
    /** BPE over UTF-8 characters with U+2581 for a space. */
    CHARACTER_PAIRS,
    /** SentencePiece's merging by score; {@code llama} in GGUF. */
    SENTENCE_PIECE,
    /** Rules that are not known here. */
    OTHER
  }

  /**
   * What is told of a vocabulary as a whole.
   *
   * @param model {@code tokenizer.ggml.model}
   * @param pre {@code tokenizer.ggml.pre}, the rules by which text is cut before merging
   * @param kind what {@code model} and {@code pre} mean
   * @param addsBos whether a token stands before every prompt that no template writes
   * @param addsSpace whether SentencePiece puts a space in front
   */
  record Traits(String model, String pre, Kind kind, boolean addsBos, boolean addsSpace) {}

  private final Traits traits;
  private final TokenTexts texts;
  private final byte[] types;
  private final float[] scores;
  private final int[] merges;

  /**
   * Takes over all arrays.
   *
   * @param texts the tokens' texts by id, and behind them those of symbols that are only steps of a
   *     merge
   * @param types a number of {@link TokenType} for each token
   * @param scores SentencePiece's scores by id; empty for other kinds
   * @param merges left, right and merged symbol of each merge; the order is the rank
   */
  Vocabulary(Traits traits, TokenTexts texts, byte[] types, float[] scores, int[] merges) {
    this.traits = traits;
    this.texts = texts;
    this.types = types;
    this.scores = scores;
    this.merges = merges;
  }

  Traits traits() {
    return traits;
  }

  TokenTexts texts() {
    return texts;
  }

  byte[] types() {
    return types;
  }

  float[] scores() {
    return scores;
  }

  int[] merges() {
    return merges;
  }

  TokenType type(int id) {
    return TokenType.of(types[id]);
  }

  /** How many tokens there are. */
  public int size() {
    return types.length;
  }

  /** The tokens that stand before every prompt and that no template writes: 0 or 1. */
  public int bosTokens() {
    return traits.addsBos() ? 1 : 0;
  }

  /** All tokens whose texts are cut out of a prompt first. */
  List<SpecialTokens.Special> specials() {
    List<SpecialTokens.Special> found = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      if (type(id).special()) {
        found.add(new SpecialTokens.Special(id, texts.text(id)));
      }
    }
    return found;
  }
}
