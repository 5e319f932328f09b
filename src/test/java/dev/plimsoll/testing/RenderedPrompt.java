package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The prompt that a fake makes of a chat: ChatML, with tools and calls as the templates of Qwen 2.5
 * write them.
 */
public final class RenderedPrompt {
  private RenderedPrompt() {}

  /** The whole prompt of a request's body, by a template that opens a turn in any case. */
  public static String of(JsonNode body) {
    return of(body, false);
  }

  /** The same; {@code goesOn} is whether an answer that stands at the end is left open. */
  private static String of(JsonNode body, boolean goesOn) {
    StringBuilder out = new StringBuilder();
    for (JsonNode tool : body.path("tools")) {
      out.append(out.isEmpty() ? "<|im_start|>system\n# Tools\n" : "").append(tool).append('\n');
    }
    out.append(out.isEmpty() ? "" : "<|im_end|>\n");
    for (JsonNode message : body.path("messages")) {
      message(message, out);
    }
    JsonNode messages = body.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    if (goesOn && last.path("role").asText().equals("assistant")) {
      out.setLength(out.length() - "<|im_end|>\n".length());
      return out.toString();
    }
    return out.append("<|im_start|>assistant\n").toString();
  }

  private static void message(JsonNode message, StringBuilder out) {
    boolean result = message.path("role").asText().equals("tool");
    out.append("<|im_start|>").append(result ? "user" : message.path("role").asText()).append('\n');
    out.append(result ? "<tool_response>\n" : "").append(message.path("content").asText());
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode function = call.path("function");
      out.append("\n<tool_call>\n{\"name\": ").append(function.path("name"));
      out.append(", \"arguments\": ").append(arguments(function)).append("}\n</tool_call>");
    }
    out.append(result ? "\n</tool_response>" : "").append("<|im_end|>\n");
  }

  /** OpenAI's API has them as a string, the native one as an object. */
  private static JsonNode arguments(JsonNode function) {
    JsonNode arguments = function.path("arguments");
    return arguments.isTextual() ? JsonText.parse(arguments.asText()) : arguments;
  }

  /** What a server answers that was asked for the prompt only. */
  static String answer(FakeModel model, JsonNode body) {
    ObjectNode node = JsonText.object().put("model", model.name());
    node.put("created_at", "2026-11-24T04:02:06.569314589Z");
    node.putObject("message").put("role", "").put("content", "");
    node.put("done", false);
    node.putObject("_debug_info")
        .put("rendered_template", of(body, model.template().contains("$last")));
    return JsonText.go(node);
  }
}
