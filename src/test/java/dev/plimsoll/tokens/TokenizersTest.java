package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenisers over vocabularies that are small enough to be followed by hand. */
class TokenizersTest {
  static Stream<Arguments> bytePairs() {
    return Stream.of(
        Arguments.of("nothing", "", ids()),
        Arguments.of("the merge learnt first comes first", "then", ids(257, 'n')),
        Arguments.of("a space belongs to its word", "the the", ids(257, 258)),
        Arguments.of("a step that is no token leads on", "hello", ids(270)),
        Arguments.of("a step that is no token ends as bytes", "hell", ids('h', 'e', 'l', 'l')),
        Arguments.of("of equal pairs the leftmost", "aaa", ids(264, 'a')),
        Arguments.of("equal pairs again", "aaaaaaaaa", ids(265, 265, 'a')),
        Arguments.of("two bytes of one letter", "\u00E9", ids(271)),
        Arguments.of("a letter beyond 16 bits", "\uD83D\uDE00", ids(0xF0, 0x9F, 0x98, 0x80)),
        Arguments.of("half a letter is U+FFFD", "\uD83D", ids(0xEF, 0xBF, 0xBD)),
        Arguments.of("one space goes with the word", "      x", ids(267, ' ', ' ', 'x')),
        Arguments.of("spaces at the end", "x      ", ids('x', 267, 266)),
        Arguments.of("digits one by one", "x1 2", ids('x', '1', ' ', '2')),
        Arguments.of("contractions", "don't", ids('d', 'o', 'n', '\'', 't')),
        Arguments.of("line feeds", "\n\nthe", ids(268, 257)),
        Arguments.of("special tokens", "<|start|>the<call>", ids(273, 257, 275)),
        Arguments.of("the longest special token", "<call x", ids(276, ' ', 'x')),
        Arguments.of("part of a special token", "<|stop", ids('<', '|', 's', 't', 'o', 'p')),
        Arguments.of("a user-defined token of white space", "a  \nthe", ids('a', 277, 257)),
        Arguments.of("a control token by its text", "a</s>", ids('a', 278)),
        Arguments.of("no merge across a special token", "t<|stop|>he", ids('t', 274, 269)));
  }

  private static int[] ids(int... ids) {
    return ids;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void bytePairs(String name, String text, int[] expected) throws IOException {
    Tokenizer tokenizer = exact(MadeUp.bytePairs());

    assertThat(tokenizer.encode(text)).isEqualTo(expected);
    assertThat(tokenizer.count(text)).isEqualTo(expected.length);
    assertThat(tokenizer.count(text)).as("again, from the cache").isEqualTo(expected.length);
  }

  /** Tokens 259 to 266, in the order of their scores. */
  private static final String[] PIECES = {
    "\u2581the", "ing", "th", "\u2581t", "in", "\u2581", "t", "\u2581i"
  };

  static Stream<Arguments> sentencePiece() {
    return Stream.of(
        // The merge of "th" is better than that of "_t", so that no "_th" is left to become "_the".
        Arguments.of("the best score first", false, " the", ids(264, 261, 'e' + 3)),
        Arguments.of("a space in front", true, "t", ids(262)),
        Arguments.of("none behind a special token's text", false, "<s>t", ids(1, 265)),
        Arguments.of("a space behind a special token", true, "<s>t", ids(1, 262)),
        Arguments.of("bytes for what is no token", false, "t\u00E9", ids(265, 0xC3 + 3, 0xA9 + 3)),
        Arguments.of("a run of spaces", false, "   t", ids(264, 264, 262)),
        Arguments.of("nothing", true, "", ids()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void sentencePiece(String name, boolean addsSpace, String text, int[] expected) {
    Tokenizer tokenizer = exact(MadeUp.sentencePiece(addsSpace, PIECES));

    assertThat(tokenizer.encode(text)).isEqualTo(expected);
    assertThat(tokenizer.count(text)).isEqualTo(expected.length);
  }

  static Stream<Arguments> characterPairs() {
    return Stream.of(
        Arguments.of("merges across words", "a b", ids(260)),
        Arguments.of("line feeds as a whole", "a\n\nb", ids(256, 261, 257)),
        Arguments.of("line feeds that are no token", "\n\n\n", ids(10, 10, 10)),
        Arguments.of("bytes for what is no token", "a\u00E9", ids(256, 0xC3, 0xA9)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void characterPairs(String name, String text, int[] expected) {
    String[] tokens = {"a", "b", "\u2581", "a\u2581", "a\u2581b", "\n\n"};
    Tokenizer tokenizer = exact(MadeUp.characterPairs(tokens, "a \u2581", "a\u2581 b"));

    assertThat(tokenizer.encode(text)).isEqualTo(expected);
    assertThat(tokenizer.count(text)).isEqualTo(expected.length);
  }

  private static Tokenizer exact(Vocabulary vocabulary) {
    Tokenization tokenization = Tokenizers.of(vocabulary);
    assertThat(tokenization.exact()).isTrue();
    return tokenization.tokenizer();
  }

  @Test
  void mergingOneLetterIsNeverQuadratic() throws IOException {
    BytePairTokenizer tokenizer = (BytePairTokenizer) exact(MadeUp.bytePairs());
    int length = 100_000;
    byte[] letters = new byte[length];
    Arrays.fill(letters, (byte) 'a');

    long steps = tokenizer.merged(letters, length).steps();

    assertThat(steps).isLessThan(6L * length);
    assertThat(tokenizer.count(new String(letters, StandardCharsets.US_ASCII)))
        .isEqualTo(length / 4);
  }

  @Test
  void unknownRulesAreEstimated() {
    VocabularyBuilder builder = new VocabularyBuilder();
    builder.model("gpt2");
    builder.pre("never-heard-of");
    builder.token("a");

    assertThat(Tokenizers.of(builder.build()))
        .isInstanceOfSatisfying(
            Tokenization.Estimated.class,
            estimated -> assertThat(estimated.why()).contains("never-heard-of"));
  }

  @Test
  void unknownKindsAreEstimated() {
    VocabularyBuilder builder = new VocabularyBuilder();
    builder.model("t5");
    builder.token("a");

    Tokenization found = Tokenizers.of(builder.build());

    assertThat(found.exact()).isFalse();
    assertThat(found.tokenizer().count("four small words here")).isBetween(4, 8);
  }
}
