package dev.plimsoll.tokens;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Vocabularies small enough to be followed by hand. */
final class MadeUp {
  private MadeUp() {}

  /** The answer of a server: bytes are tokens 0 to 255, then come those of 19 merges. */
  static byte[] shown() throws IOException {
    try (InputStream in = MadeUp.class.getResourceAsStream("/tokens/made-up.show.json")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  static Vocabulary bytePairs() throws IOException {
    return switch (VocabularyReader.read(shown())) {
      case VocabularyReader.Result.Read(Vocabulary vocabulary) -> vocabulary;
      case VocabularyReader.Result.None(String why) -> throw new IOException(why);
    };
  }

  /** SentencePiece: bytes are tokens 3 to 258, then come the given ones, the first the best. */
  static Vocabulary sentencePiece(boolean addsSpace, String... tokens) {
    VocabularyBuilder builder = new VocabularyBuilder();
    builder.model("llama");
    builder.addsSpace(addsSpace);
    add(builder, "<unk>", 2, 0);
    add(builder, "<s>", 3, 0);
    add(builder, "</s>", 3, 0);
    for (int b = 0; b < 0x100; b++) {
      add(builder, String.format("<0x%02X>", b), 6, 0);
    }
    for (int i = 0; i < tokens.length; i++) {
      add(builder, tokens[i], 1, -i - 1);
    }
    return builder.build();
  }

  /**
   * BPE over characters, as Gemma 4 has it: bytes are tokens 0 to 255, then come the given ones.
   */
  static Vocabulary characterPairs(String[] tokens, String... merges) {
    VocabularyBuilder builder = new VocabularyBuilder();
    builder.model("gemma4");
    for (int b = 0; b < 0x100; b++) {
      add(builder, String.format("<0x%02X>", b), 6, 0);
    }
    for (String token : tokens) {
      add(builder, token, 1, 0);
    }
    for (String merge : merges) {
      builder.merge(merge);
    }
    return builder.build();
  }

  private static void add(VocabularyBuilder builder, String text, int type, float score) {
    builder.token(text);
    builder.type(type);
    builder.score(score);
  }
}
