package dev.plimsoll.upstream;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Slice;
import dev.plimsoll.recover.Changes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

  /** Writes the options and tells how many tokens may be generated, where they say so. */
  static OptionalLong write(Question question, Model model, JsonOut out) {
    ModelRequest request = question.request();
    Changes changes = question.changes();
    Body body = request.body();
    Map<String, Slice> options = own(body);
    for (String name : SAMPLING) {
      Member member = body.member(name).orElse(null);
      if (member != null && member.kind() != JsonKind.NULL) {
        options.put(name, Slice.at(body.bytes(), member.value()));
      }
    }
    options.remove("num_ctx");
    if (request.maxTokens().isPresent() || changes.cap().isPresent()) {
      options.remove("num_predict");
    }
    if (changes.seed() > 0) {
      options.put("seed", number(seed(options.get("seed")) + changes.seed()));
    }
    if (changes.calm()) {
      options.put("repeat_penalty", number(1));
    }
    long window = model.window().orElseThrow();
    out.ascii(",\"options\":{\"num_ctx\":").number(window);
    OptionalLong cap = OptionalLong.empty();
    if (!options.containsKey("num_predict")) {
      // Where the prompt is only estimated that is all of the window: with shift:false the server
      // ends where it is full.
      long most = Math.min(question.room().most(), window);
      long wanted = changes.cap().orElse(request.maxTokens().orElse(most));
      cap = OptionalLong.of(Math.min(wanted, most));
      out.ascii(",\"num_predict\":").number(cap.getAsLong());
    }
    options.forEach(
        (name, value) -> {
          out.ascii(',').string(name).ascii(':');
          value.writeTo(out);
        });
    out.ascii('}');
    return cap;
  }

  private static Slice number(long value) {
    byte[] digits = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    return new Slice(digits, 0, digits.length);
  }

  /** The client's seed, as far as it is one; whatever it is, another one is added to it. */
  static long seed(@Nullable Slice value) {
    if (value == null || value.length() > 15) {
      return 0;
    }
    String text = new String(value.bytes(), value.start(), value.length(), StandardCharsets.UTF_8);
    return text.matches("[0-9]+") ? Long.parseLong(text) : 0;
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
