package dev.plimsoll.upstream;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import dev.plimsoll.recover.Room;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request in Ollama's native form ({@code /api/chat}, {@code /api/generate}; api/types.go
 * of 0.33.0).
 *
 * <p>Always with {@code truncate:false}, {@code shift:false} and an explicit {@code num_ctx}: an
 * oversize prompt is then refused instead of cut, and the options never differ, so that the model
 * is loaded once. Values are the client's bytes wherever the two forms agree.
 */
final class OllamaBody {
  private final Model model;
  private final Optional<String> keepAlive;
  private final JsonOut out;

  private OllamaBody(Model model, Optional<String> keepAlive, int capacity) {
    this.model = model;
    this.keepAlive = keepAlive;
    this.out = new JsonOut(capacity);
  }

  static Encoded.Ready chat(
      ChatRequest request, Question question, Model model, Optional<String> keepAlive)
      throws OllamaRefusal {
    OllamaBody body = new OllamaBody(model, keepAlive, request.bytes().length + 512);
    body.head(true);
    body.messages(request, question);
    body.tools(request);
    OptionalLong cap = body.tail(question);
    return new Encoded.Ready("/api/chat", body.out.toBytes(), new Room(model.window(), cap));
  }

  static Encoded.Ready generate(
      CompletionRequest request, Question question, Model model, Optional<String> keepAlive)
      throws OllamaRefusal {
    OllamaBody body = new OllamaBody(model, keepAlive, request.body().bytes().length + 512);
    body.head(true);
    body.out.ascii(",\"prompt\":");
    body.prompt(request, question.answered());
    request
        .body()
        .string("suffix")
        .ifPresent(
            suffix -> {
              body.out.ascii(",\"suffix\":");
              suffix.writeTo(body.out);
            });
    OptionalLong cap = body.tail(question);
    return new Encoded.Ready("/api/generate", body.out.toBytes(), new Room(model.window(), cap));
  }

  /** A prompt goes on by itself, whoever has written its end. */
  private void prompt(CompletionRequest request, @Nullable String answered) {
    if (answered == null) {
      request.prompt().writeTo(out);
    } else {
      out.ascii('"');
      request.prompt().writeInside(out);
      out.text(answered).ascii('"');
    }
  }

  /** A chat of which only the prompt is wanted; a server that cannot do that generates a token. */
  static byte[] render(
      ChatRequest request, Question question, Model model, Optional<String> keepAlive)
      throws OllamaRefusal {
    OllamaBody body = new OllamaBody(model, keepAlive, request.bytes().length + 512);
    body.head(false);
    body.out.ascii(",\"_debug_render_only\":true");
    body.messages(request, question);
    body.tools(request);
    try {
      body.think(request.body());
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    body.keepAlive(null);
    body.out.ascii(",\"options\":{\"num_predict\":1,\"num_ctx\":");
    return body.out.number(model.window().orElseThrow()).ascii("}}").toBytes();
  }

  /** A chat without messages: loads the model and generates nothing. */
  static byte[] load(Model model, Optional<String> keepAlive) {
    OllamaBody body = new OllamaBody(model, keepAlive, 256);
    body.head(false);
    body.out.ascii(",\"messages\":[]");
    body.keepAlive(null);
    return body.out.ascii('}').toBytes();
  }

  private void head(boolean stream) {
    out.ascii("{\"model\":")
        .string(model.name())
        .ascii(",\"stream\":")
        .ascii(String.valueOf(stream));
    out.ascii(",\"truncate\":false,\"shift\":false");
  }

  private void messages(ChatRequest request, Question question) throws OllamaRefusal {
    OllamaMessages messages = new OllamaMessages(request, out);
    String note = question.note();
    String answered = question.answered();
    out.ascii(",\"messages\":[");
    for (int i = 0; i < request.messages().size(); i++) {
      Message message = request.messages().get(i);
      if (i > 0) {
        out.ascii(',');
      }
      boolean takesNote =
          answered == null && message.role() == Role.USER && i == request.messages().size() - 1;
      messages.write(message, i, takesNote ? note : null);
      note = takesNote ? null : note;
    }
    if (answered != null) {
      out.ascii(",{\"role\":\"assistant\",\"content\":").string(answered).ascii('}');
    }
    if (note != null) {
      out.ascii(",{\"role\":\"user\",\"content\":").string(note).ascii('}');
    }
    out.ascii(']');
  }

  private void tools(ChatRequest request) {
    Span tools = request.tools();
    boolean none =
        request.body().string("tool_choice").map(JsonString::text).orElse("").equals("none");
    if (tools != null && !none) {
      out.ascii(",\"tools\":").raw(request.bytes(), tools);
    }
  }

  private OptionalLong tail(Question question) throws OllamaRefusal {
    Body body = question.request().body();
    try {
      format(body);
      if (question.changes().thinkLess()) {
        out.ascii(",\"think\":false"); // which every model accepts
      } else {
        think(body);
      }
      logprobs(body);
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    keepAlive(body);
    OptionalLong cap = OllamaOptions.write(question, model, out);
    out.ascii('}');
    return cap;
  }

  private void format(Body body) throws JsonFault, OllamaRefusal {
    Member wanted = body.member("response_format").orElse(null);
    if (wanted == null || wanted.kind() != JsonKind.OBJECT) {
      return;
    }
    JsonString type = JsonMembers.string(body.bytes(), wanted.value(), "type");
    switch (type == null ? "text" : type.text()) {
      case "text" -> {}
      case "json_object" -> out.ascii(",\"format\":\"json\"");
      case "json_schema" -> {
        Span outer = JsonMembers.value(body.bytes(), wanted.value(), "json_schema");
        Span schema = outer == null ? null : JsonMembers.value(body.bytes(), outer, "schema");
        if (schema == null) {
          throw new OllamaRefusal(
              "response_format.json_schema.schema", "response_format holds no JSON schema.");
        }
        out.ascii(",\"format\":").raw(body.bytes(), schema);
      }
      default ->
          throw new OllamaRefusal(
              "response_format.type",
              "response_format.type must be text, json_object or json_schema.");
    }
  }

  private void think(Body body) throws JsonFault {
    String value = thinking(body, model);
    if (value != null) {
      out.ascii(",\"think\":").raw(value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * How much to reason, as JSON; null when nothing is said. Only models that can reason accept
   * anything but {@code false}.
   */
  static @Nullable String thinking(Body body, Model model) throws JsonFault {
    Member own = body.member("think").orElse(null);
    if (own != null && own.kind() != JsonKind.NULL) {
      Span value = own.value();
      return new String(body.bytes(), value.start(), value.length(), StandardCharsets.UTF_8);
    }
    String level = level(effort(body));
    return level != null && (model.thinks() || level.equals("false")) ? level : null;
  }

  private static @Nullable String effort(Body body) throws JsonFault {
    JsonString effort = body.string("reasoning_effort").orElse(null);
    Member reasoning = body.member("reasoning").orElse(null);
    if (effort == null && reasoning != null && reasoning.kind() == JsonKind.OBJECT) {
      effort = JsonMembers.string(body.bytes(), reasoning.value(), "effort");
    }
    return effort == null ? null : effort.text();
  }

  private static @Nullable String level(@Nullable String effort) {
    return switch (effort == null ? "" : effort) {
      case "none" -> "false";
      case "minimal", "low" -> "\"low\"";
      case "medium" -> "\"medium\"";
      case "high" -> "\"high\"";
      case "xhigh", "ultra", "max" -> "\"max\"";
      default -> null;
    };
  }

  private void logprobs(Body body) {
    for (String name : new String[] {"logprobs", "top_logprobs"}) {
      Member member = body.member(name).orElse(null);
      if (member != null && member.kind() != JsonKind.NULL) {
        out.ascii(",\"").ascii(name).ascii("\":").raw(body.bytes(), member.value());
      }
    }
  }

  private void keepAlive(@Nullable Body body) {
    Member own = body == null ? null : body.member("keep_alive").orElse(null);
    if (body != null && own != null) {
      out.ascii(",\"keep_alive\":").raw(body.bytes(), own.value());
    } else if (keepAlive.isPresent()) {
      out.ascii(",\"keep_alive\":");
      String value = keepAlive.get();
      if (value.matches("-?[0-9]+")) {
        out.ascii(value); // seconds
      } else {
        out.string(value);
      }
    }
  }
}
