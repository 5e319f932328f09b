package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The prompt that a fake makes of a chat: ChatML, with tools and calls as the templates of Qwen 2.5
 * write them.
 */
public final class RenderedPrompt {
  private RenderedPrompt() {}

  /** The whole prompt of a request's body. */
  public static String of(JsonNode body) {
    StringBuilder out = new StringBuilder();
    for (JsonNode tool : body.path("tools")) {
      out.append(out.isEmpty() ? "<|im_start|>system\n# Tools\n" : "").append(tool).append('\n');
    }
    out.append(out.isEmpty() ? "" : "<|im_end|>\n");
    for (JsonNode message : body.path("messages")) {
      message(message, out);
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
  static String answer(String model, JsonNode body) {
    ObjectNode node = JsonText.object().put("model", model);
    node.put("created_at", "2026-11-24T04:02:06.569314589Z");
    node.putObject("message").put("role", "").put("content", "");
    node.put("done", false);
    node.putObject("_debug_info").put("rendered_template", of(body));
    return JsonText.go(node);
  }
}
