package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a vocabulary from a server's answer, and from its form on disk. */
class VocabularyTest {
  @Test
  void readsTheAnswerOfAServer() throws IOException {
    Vocabulary vocabulary = MadeUp.bytePairs();

    assertThat(vocabulary.size()).isEqualTo(279);
    assertThat(vocabulary.bosTokens()).isZero();
    assertThat(vocabulary.traits().pre()).isEqualTo("qwen2");
    assertThat(vocabulary.texts().text(258)).isEqualTo(" the");
    assertThat(vocabulary.type(274)).isEqualTo(TokenType.CONTROL);
    assertThat(vocabulary.texts().size()).as("with two symbols that are no tokens").isEqualTo(281);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"model_info\":null}",
        "{\"model_info\":{\"tokenizer.ggml.model\":\"gpt2\",\"tokenizer.ggml.tokens\":null}}",
        "{\"model_info\":{\"tokenizer.ggml.tokens\":[\"a\"",
        "{\"model_info\":{\"tokenizer.ggml.token_type\":[\"a\"]}}",
        "no JSON"
      })
  void saysThatAnAnswerHoldsNone(String json) {
    assertThat(VocabularyReader.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(VocabularyReader.Result.None.class);
  }

  @Test
  void bosIsAsTheFileSaysElseAsItsKindHasIt() {
    VocabularyBuilder llama = new VocabularyBuilder();
    llama.model("gpt2");
    llama.pre("llama-bpe");
    assertThat(llama.build().bosTokens()).isEqualTo(1);
    llama.addsBos(false);
    assertThat(llama.build().bosTokens()).isZero();
    assertThat(MadeUp.sentencePiece(true).bosTokens()).isEqualTo(1);
  }

  @Test
  void comesBackFromDiskAsItWas() throws IOException {
    for (Vocabulary before :
        new Vocabulary[] {MadeUp.bytePairs(), MadeUp.sentencePiece(true, "\u2581a", "b")}) {
      Vocabulary after = VocabularyCodec.decode(VocabularyCodec.encode(before)).orElseThrow();

      assertThat(after.traits()).isEqualTo(before.traits());
      assertThat(after.types()).isEqualTo(before.types());
      assertThat(after.scores()).isEqualTo(before.scores());
      assertThat(after.merges()).isEqualTo(before.merges());
      String text = "then hell <|start|> hello   \n\u00E9";
      assertThat(Tokenizers.of(after).tokenizer().encode(text))
          .isEqualTo(Tokenizers.of(before).tokenizer().encode(text));
    }
  }

  @Test
  void everyDamageShows() throws IOException {
    byte[] whole = VocabularyCodec.encode(MadeUp.bytePairs());
    for (int at = 0; at < whole.length; at += 97) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThat(VocabularyCodec.decode(damaged)).as("byte %d", at).isEmpty();
      assertThat(VocabularyCodec.decode(Arrays.copyOf(whole, at))).as("cut at %d", at).isEmpty();
    }
  }
}
