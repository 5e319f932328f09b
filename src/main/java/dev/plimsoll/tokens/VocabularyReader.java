package dev.plimsoll.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;

/**
 * Reads a vocabulary out of Ollama's answer to {@code POST /api/show {"verbose":true}}.
 *
 * <p>The answer holds up to ten megabytes in half a million small strings, so it is walked over and
 * no tree is built. What is not needed is skipped.
 */
public final class VocabularyReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String PREFIX = "tokenizer.ggml.";

  /** What reads the value of one key; it stands on the value's first token. */
  private interface Field {
    void read(JsonParser parser, VocabularyBuilder to) throws IOException;
  }

  private static final Map<String, Field> FIELDS =
      Map.of(
          "model", (parser, to) -> to.model(parser.getText()),
          "pre", (parser, to) -> to.pre(parser.getText()),
          "add_bos_token", (parser, to) -> to.addsBos(parser.getBooleanValue()),
          "add_space_prefix", (parser, to) -> to.addsSpace(parser.getBooleanValue()),
          "tokens", (parser, to) -> each(parser, () -> to.token(parser.getText())),
          "merges", (parser, to) -> each(parser, () -> to.merge(parser.getText())),
          "token_type", (parser, to) -> each(parser, () -> to.type(parser.getIntValue())),
          "scores", (parser, to) -> each(parser, () -> to.score(parser.getFloatValue())));

  /** What became of an answer. */
  public sealed interface Result {
    /** A vocabulary. */
    record Read(Vocabulary vocabulary) implements Result {}

    /** There is none in it, and why. */
    record None(String why) implements Result {}
  }

  private VocabularyReader() {}

  /** Reads a whole answer. */
  public static Result read(byte[] json) {
    VocabularyBuilder found = new VocabularyBuilder();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Result.None("the answer is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("model_info");
        if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
          modelInfo(parser, found);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return new Result.None("the answer cannot be read");
    }
    return found.tokens() == 0
        ? new Result.None("the answer holds no tokens")
        : new Result.Read(found.build());
  }

  private static void modelInfo(JsonParser parser, VocabularyBuilder to) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      Field field = key.startsWith(PREFIX) ? FIELDS.get(key.substring(PREFIX.length())) : null;
      if (parser.nextToken() == JsonToken.VALUE_NULL || field == null) {
        parser.skipChildren();
      } else {
        field.read(parser, to);
      }
    }
  }

  private interface Element {
    void read() throws IOException;
  }

  private static void each(JsonParser parser, Element element) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element.read();
    }
  }
}
