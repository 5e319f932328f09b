package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ollama's own /v1: calls whole in one event, the text of a late error lost. */
final class OllamaSseForm implements Form {
  private final Wish wish;
  private final SseLines lines;
  private final boolean completion;
  private final boolean roleAlways;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  OllamaSseForm(Wish wish, Dialect dialect, SseLines lines) {
    this.wish = wish;
    this.lines = lines;
    this.completion = wish.route() == Route.V1_COMPLETIONS;
    this.roleAlways = dialect == Dialect.OLLAMA_024;
    // Ollama has only 999 of them.
    this.id = (completion ? "cmpl-" : "chatcmpl-") + Math.floorMod(System.nanoTime(), 999);
  }

  @Override
  public String streamType() {
    return "text/event-stream";
  }

  @Override
  public String wholeType() {
    return "application/json";
  }

  @Override
  public List<Body> pieces(Answer answer) {
    List<Body> pieces = new ArrayList<>();
    for (String piece : answer.reasoning()) {
      pieces.add(chunk(delta(pieces.isEmpty(), "").put("reasoning", piece), null));
    }
    for (String piece : answer.text()) {
      pieces.add(chunk(delta(pieces.isEmpty(), piece), null));
    }
    for (int i = 0; i < answer.calls().size(); i++) {
      ObjectNode delta = delta(pieces.isEmpty(), "");
      delta.set("tool_calls", toolCalls(List.of(answer.calls().get(i)), i));
      pieces.add(chunk(delta, null));
    }
    return pieces;
  }

  /** End, counts and [DONE] leave the real server in one write. */
  @Override
  public List<Body> ending(Answer answer) {
    ObjectNode delta = roleAlways || completion ? delta(false, "") : JsonText.object();
    String text = chunk(delta, finish(answer)).text();
    if (wish.usage()) {
      ObjectNode counts = head(wish.model(), true);
      counts.set("choices", JsonText.array());
      counts.set("usage", usage(answer));
      text += lines.event(JsonText.go(counts));
    }
    return List.of(Body.of(text + lines.done()));
  }

  @Override
  public Body whole(Answer answer) {
    ObjectNode choice = JsonText.object();
    if (completion) {
      choice.put("text", String.join("", answer.text())).put("index", 0);
    } else {
      choice.put("index", 0).set("message", message(answer));
    }
    choice.put("finish_reason", finish(answer));
    ObjectNode node = head(wish.model(), false);
    node.set("choices", JsonText.array(choice));
    node.set("usage", usage(answer));
    return Body.of(JsonText.go(node) + "\n");
  }

  private static ObjectNode message(Answer answer) {
    ObjectNode message = JsonText.object().put("role", "assistant");
    message.put("content", String.join("", answer.text()));
    if (!answer.reasoning().isEmpty()) {
      message.put("reasoning", String.join("", answer.reasoning()));
    }
    if (!answer.calls().isEmpty()) {
      message.set("tool_calls", toolCalls(answer.calls(), 0));
    }
    return message;
  }

  /** The writer decodes the error as an empty answer: no model, no text, no end. */
  @Override
  public Body failure(String text) {
    ObjectNode node = head("", true);
    node.set("choices", JsonText.array(choice(delta(false, ""), null)));
    return lines.go(node);
  }

  @Override
  public Body event(String json) {
    return Body.of(lines.event(json));
  }

  @Override
  public String error(int code, String text) {
    ObjectNode error = JsonText.object().put("message", text).put("type", errorType(code));
    error.putNull("param").putNull("code");
    ObjectNode node = JsonText.object();
    node.set("error", error);
    return JsonText.go(node) + "\n";
  }

  private static String errorType(int code) {
    return switch (code) {
      case 400 -> "invalid_request_error";
      case 404 -> "not_found_error";
      default -> "api_error";
    };
  }

  private ObjectNode delta(boolean first, String text) {
    ObjectNode delta = JsonText.object();
    if (first || roleAlways) {
      delta.put("role", "assistant");
    }
    return delta.put("content", text);
  }

  private Body chunk(ObjectNode delta, @Nullable String finish) {
    ObjectNode node = head(wish.model(), true);
    node.set("choices", JsonText.array(choice(delta, finish)));
    return lines.go(node);
  }

  private ObjectNode choice(ObjectNode delta, @Nullable String finish) {
    ObjectNode choice = JsonText.object();
    if (completion) {
      choice.put("text", delta.path("content").asText()).put("index", 0);
    } else {
      choice.put("index", 0).set("delta", delta);
    }
    return choice.put("finish_reason", finish);
  }

  private ObjectNode head(String model, boolean chunk) {
    String object = completion ? "text_completion" : "chat.completion" + (chunk ? ".chunk" : "");
    return JsonText.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model)
        .put("system_fingerprint", "fp_ollama");
  }

  private static ArrayNode toolCalls(List<ScriptedCall> calls, int firstIndex) {
    ArrayNode array = JsonText.array();
    for (int i = 0; i < calls.size(); i++) {
      ScriptedCall call = calls.get(i);
      ObjectNode node = array.addObject().put("id", call.id()).put("index", firstIndex + i);
      node.put("type", "function")
          .putObject("function")
          .put("name", call.name())
          .put("arguments", call.arguments());
    }
    return array;
  }

  /** Up to 0.32.5 calls won over the length; since then they do not. */
  private String finish(Answer answer) {
    boolean cut = answer.finish() == Answer.Finish.LENGTH && !roleAlways;
    return answer.calls().isEmpty() || cut ? answer.finish().text() : "tool_calls";
  }

  private static ObjectNode usage(Answer answer) {
    return JsonText.object()
        .put("prompt_tokens", answer.promptTokens())
        .put("completion_tokens", answer.completionTokens())
        .put("total_tokens", answer.promptTokens() + answer.completionTokens());
  }
}
