package dev.plimsoll.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Reads a Hugging Face {@code tokenizer.json} as the GGUF file made of it would be read. */
final class TokenizerJson {
  private static final int SPECIAL = 3;
  private static final int USER_DEFINED = 4;

  private TokenizerJson() {}

  static Vocabulary read(Path file, String model, String pre) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    boolean sentencePiece = model.equals("llama");
    Map<Integer, String> texts = new TreeMap<>();
    Map<Integer, Integer> types = new TreeMap<>();
    json.path("model")
        .path("vocab")
        .properties()
        .forEach(entry -> texts.put(entry.getValue().asInt(), entry.getKey()));
    for (JsonNode added : json.path("added_tokens")) {
      int id = added.path("id").asInt();
      String text = added.path("content").asText();
      texts.put(id, sentencePiece ? text.replace(BytePairTokenizer.SPACE_MARK, ' ') : text);
      types.put(id, added.path("special").asBoolean() ? SPECIAL : USER_DEFINED);
    }
    VocabularyBuilder builder = new VocabularyBuilder();
    builder.model(model);
    builder.pre(pre);
    builder.addsSpace(false);
    int last = ((TreeMap<Integer, String>) texts).lastKey();
    for (int id = 0; id <= last; id++) {
      builder.token(texts.getOrDefault(id, "[gap " + id + "]"));
      builder.type(types.getOrDefault(id, texts.containsKey(id) ? 1 : 5));
      builder.score(-id);
    }
    for (JsonNode merge : json.path("model").path("merges")) {
      builder.merge(
          merge.isArray() ? merge.get(0).asText() + " " + merge.get(1).asText() : merge.asText());
    }
    return builder.build();
  }
}
