package dev.plimsoll.calls;

import java.util.List;

/** The forms in which models write calls into text: another one is another row. */
final class Grammars {
  /** All forms, each with where it comes from. */
  static final List<Grammar> ALL =
      List.of(
          // GLM 4.5 to 4.7; chat templates of zai-org, model/parsers/glm47.go of Ollama
          glm(List.of("<tool_call>"), true),
          // the same where a server has swallowed the tag, or tag and name
          glm(List.of(), true),
          glm(List.of(), false),
          // Qwen3-Coder, Qwen3.5, Nemotron 3; model/parsers/qwen3coder.go of Ollama
          qwen(List.of("<tool_call>", "<function=")),
          qwen(List.of("<function=")),
          // Hermes, Qwen 2.5 and 3; vLLM's hermes parser, model/parsers/qwen3.go of Ollama
          new Grammar.Json(List.of("<tool_call>"), false, false, "</tool_call>"),
          // Mistral, tokenizers up to v7: a list; from v11 on a name and its arguments
          new Grammar.Json(List.of("[TOOL_CALLS]"), false, true, ""),
          new Grammar.Named(List.of("[TOOL_CALLS]"), "[ARGS]", "[", true),
          new Grammar.Named(List.of(), "[ARGS]", "[", false),
          // gpt-oss, OpenAI's harmony format
          new Grammar.Named(
              List.of("<|channel|>", "commentary", "to=functions."), "<|message|>", " <", false),
          new Grammar.Named(
              List.of("<|start|>assistant", "<|channel|>", "commentary", "to=functions."),
              "<|message|>",
              " <",
              false),
          // models that know of tools but not how to mark a call, such as Qwen2.5-Coder
          new Grammar.Json(List.of(), false, true, ""),
          new Grammar.Json(List.of("```"), true, true, "```"));

  private Grammars() {}

  private static Grammar glm(List<String> opening, boolean hasName) {
    return new Grammar.Tags(
        opening,
        hasName,
        "",
        "<arg_key>",
        "</arg_key>",
        "<arg_value>",
        "</arg_value>",
        "</tool_call>",
        false);
  }

  private static Grammar qwen(List<String> opening) {
    return new Grammar.Tags(
        opening, true, ">", "<parameter=", ">", "", "</parameter>", "</function>", true);
  }
}
