package dev.plimsoll.tokens;

import dev.plimsoll.tokens.Vocabulary.Kind;
import dev.plimsoll.tokens.Vocabulary.Traits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects a vocabulary from the values of {@code tokenizer.ggml.*}, in whatever order they come.
 *
 * <p>Defaults and corrections are llama.cpp's (llama-vocab.cpp, load).
 */
final class VocabularyBuilder {
  /** Splitting rules whose models expect a BOS token unless they say otherwise. */
  private static final Set<String> BOS_BY_DEFAULT =
      Set.of(
          "llama3",
          "llama-v3",
          "llama-bpe",
          "falcon3",
          "falcon-h1",
          "pixtral",
          "midm-2.0",
          "lfm2",
          "jina-v5-nano",
          "tekken",
          "chameleon");

  /** Splitting rules of models that merge characters, not bytes. */
  private static final Set<String> CHARACTERS =
      Set.of("gemma4", "granite-embed-multi-311m", "sarvam-moe");

  private final TokenTexts written = new TokenTexts(1024);
  private final TokenTexts mergesWritten = new TokenTexts(1024);
  private final IntList types = new IntList();
  private float[] scores = new float[0];
  private int scored;
  private String model = "";
  private String pre = "";
  private @Nullable Boolean addsBos;
  private @Nullable Boolean addsSpace;

  void model(String value) {
    model = value;
  }

  void pre(String value) {
    pre = value;
  }

  void addsBos(boolean value) {
    addsBos = value;
  }

  void addsSpace(boolean value) {
    addsSpace = value;
  }

  /** The next token's text, as it is written in the file. */
  void token(String text) {
    written.add(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** The next merge: two texts with a space between. */
  void merge(String text) {
    mergesWritten.add(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** The next token's type. */
  void type(int number) {
    types.add(number);
  }

  /** The next token's score. */
  void score(float value) {
    if (scored == scores.length) {
      scores = Arrays.copyOf(scores, Math.max(1024, scored * 2));
    }
    scores[scored++] = value;
  }

  /** How many tokens were told so far. */
  int tokens() {
    return written.size();
  }

  Vocabulary build() {
    Traits traits = traits();
    int count = written.size();
    byte[] typesOf = new byte[count];
    TokenTexts texts = new TokenTexts(count);
    for (int id = 0; id < count; id++) {
      String text = written.text(id);
      TokenType type =
          ControlTexts.corrected(text, id < types.size() ? TokenType.of(types.get(id)) : null);
      typesOf[id] = type.number();
      enter(texts, traits.kind(), text, type);
    }
    float[] scoresOf =
        traits.kind() == Kind.SENTENCE_PIECE ? Arrays.copyOf(scores, count) : new float[0];
    return new Vocabulary(traits, texts, typesOf, scoresOf, merges(texts, traits.kind()));
  }

  private Traits traits() {
    boolean sentencePiece = model.equals("llama");
    boolean gemma4 = model.equals("gemma4") || pre.equals("gemma4");
    Kind kind =
        switch (model) {
          case "llama" -> Kind.SENTENCE_PIECE;
          case "gemma4" -> Kind.CHARACTER_PAIRS;
          case "gpt2" -> CHARACTERS.contains(pre) ? Kind.CHARACTER_PAIRS : Kind.BYTE_PAIRS;
          default -> Kind.OTHER;
        };
    boolean bosByDefault = sentencePiece || BOS_BY_DEFAULT.contains(pre);
    boolean bos = gemma4 || (addsBos == null ? bosByDefault : addsBos);
    boolean space = sentencePiece && (addsSpace == null || addsSpace);
    String rules = gemma4 ? "gemma4" : pre.isEmpty() ? "default" : pre;
    return new Traits(model, rules, kind, bos, space);
  }

  /**
   * Special tokens are kept as they are written. In a merge only those can be found that are
   * written like ordinary text: a user-defined run of spaces is no run of spaces in the byte
   * alphabet.
   */
  private static void enter(TokenTexts texts, Kind kind, String text, TokenType type) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    if (kind != Kind.BYTE_PAIRS) {
      texts.add(plain, !text.isEmpty());
    } else if (type.special()) {
      texts.add(
          plain, Arrays.equals(plain, ByteAlphabet.decode(text)) && ByteAlphabet.covers(text));
    } else {
      texts.add(ByteAlphabet.decode(text), ByteAlphabet.covers(text) && !text.isEmpty());
    }
  }

  /** Finds the symbols of all merges; those that are no tokens are added behind the tokens. */
  private int[] merges(TokenTexts texts, Kind kind) {
    if (kind == Kind.SENTENCE_PIECE) {
      return new int[0];
    }
    int[] found = new int[3 * mergesWritten.size()];
    for (int rank = 0; rank < mergesWritten.size(); rank++) {
      String merge = mergesWritten.text(rank);
      int space = merge.indexOf(' ', 1);
      byte[] left = symbol(space < 0 ? merge : merge.substring(0, space), kind);
      byte[] right = symbol(space < 0 ? "" : merge.substring(space + 1), kind);
      byte[] both = Arrays.copyOf(left, left.length + right.length);
      System.arraycopy(right, 0, both, left.length, right.length);
      found[3 * rank] = number(texts, left);
      found[3 * rank + 1] = number(texts, right);
      found[3 * rank + 2] = number(texts, both);
    }
    return found;
  }

  private static byte[] symbol(String text, Kind kind) {
    return kind == Kind.BYTE_PAIRS
        ? ByteAlphabet.decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private static int number(TokenTexts texts, byte[] symbol) {
    int known = texts.find(symbol);
    return known == TokenTexts.NONE ? texts.add(symbol, true) : known;
  }
}
