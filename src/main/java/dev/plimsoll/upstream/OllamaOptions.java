package dev.plimsoll.upstream;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Slice;
import dev.plimsoll.tokens.AnswerRoom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the {@code options} of a native request: the client's sampling fields under Ollama's
 * names, and the window.
 *
 * <p>What the client leaves out stays out, so that the Modelfile's values hold. Only {@code
 * num_ctx} is never the client's, since another value would reload the model.
 */
final class OllamaOptions {
  /** OpenAI's names and the extensions that llama.cpp and vLLM share; all equal in Ollama. */
  private static final List<String> SAMPLING =
      List.of(
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "typical_p",
          "seed",
          "stop",
          "frequency_penalty",
          "presence_penalty",
          "repeat_penalty",
          "repeat_last_n");

  private OllamaOptions() {}

  static void write(ModelRequest request, Model model, AnswerRoom room, JsonOut out) {
    Body body = request.body();
    Map<String, Slice> options = own(body);
    for (String name : SAMPLING) {
      Member member = body.member(name).orElse(null);
      if (member != null && member.kind() != JsonKind.NULL) {
        options.put(name, Slice.at(body.bytes(), member.value()));
      }
    }
    options.remove("num_ctx");
    if (request.maxTokens().isPresent()) {
      options.remove("num_predict");
    }
    out.ascii(",\"options\":{\"num_ctx\":").number(model.window().orElseThrow());
    if (!options.containsKey("num_predict")) {
      // Where the prompt is only estimated that is all of the window: with shift:false the server
      // ends where it is full.
      long cap = Math.min(request.maxTokens().orElse(room.most()), room.most());
      out.ascii(",\"num_predict\":").number(cap);
    }
    options.forEach(
        (name, value) -> {
          out.ascii(',').string(name).ascii(':');
          value.writeTo(out);
        });
    out.ascii('}');
  }

  /** The members of an {@code options} object that the client sent by itself. */
  private static Map<String, Slice> own(Body body) {
    Map<String, Slice> options = new LinkedHashMap<>();
    Member member = body.member("options").orElse(null);
    if (member == null || member.kind() != JsonKind.OBJECT) {
      return options;
    }
    try (JsonCursor cursor = new JsonCursor(body.bytes(), member.value())) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        String name = cursor.name();
        options.put(name, Slice.at(body.bytes(), cursor.skip()));
      }
      return options;
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }
}
