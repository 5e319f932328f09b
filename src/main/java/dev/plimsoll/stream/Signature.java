package dev.plimsoll.stream;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words by which a model server's error tells what happened; the table is {@link #ALL}.
 *
 * @param sign what they mean
 * @param words a regular expression that finds them anywhere in the message
 * @param promptGroup the group that holds the prompt's size in tokens, 0 for none
 * @param windowGroup the group that holds the window in tokens, 0 for none
 * @param source who writes them
 */
record Signature(Sign sign, Pattern words, int promptGroup, int windowGroup, String source) {
  /** Longer numbers are no sizes. */
  private static final int MOST_DIGITS = 15;

  /** What an error means. */
  enum Sign {
    /** The prompt does not fit, or generation has reached the window's end. */
    OVERFLOW,
    /** There is no memory for it. */
    OUT_OF_MEMORY,
    /** The process that runs the model is gone. */
    CRASH,
    /** The model wrote a tool call that breaks off. */
    CALL_CUT,
    /** The model wrote a tool call that cannot be read. */
    CALL_BROKEN
  }

  /** In the order in which they are tried: a crash for want of memory is want of memory. */
  static final List<Signature> ALL =
      List.of(
          overflow(
              "request \\((\\d+) tokens\\) exceeds the available context size \\((\\d+) tokens\\)",
              1,
              2,
              "llama-server; Ollama from 0.30 on"),
          overflow(
              "maximum context length is (\\d+) tokens\\. However, you requested (\\d+) tokens",
              2,
              1,
              "vLLM"),
          overflow("maximum context length is (\\d+)", 0, 1, "vLLM, OpenAI"),
          overflow("context length is only (\\d+)", 0, 1, "vLLM"),
          overflow("n_keep: (\\d+)\\s*>= n_ctx: (\\d+)", 1, 2, "LM Studio"),
          overflow(
              "Trying to keep the first (\\d+) tokens.*context length of only (\\d+)",
              1,
              2,
              "LM Studio"),
          overflow("Trying to keep the first (\\d+) tokens", 1, 0, "LM Studio"),
          overflow("input length exceeds the context length", 0, 0, "Ollama up to 0.24"),
          overflow(
              "longer than the context length currently available", 0, 0, "Ollama from 0.30.10 on"),
          overflow("exceeds the available context size", 0, 0, "llama-server, older"),
          overflow("Context size has been exceeded", 0, 0, "llama-server, while generating"),
          overflow("context_length_exceeded|exceed_context_size_error", 0, 0, "types and codes"),
          // the words that Ollama itself looks for, llm/llama_server.go
          of(
              Sign.OUT_OF_MEMORY,
              "(?i)out of (device )?memory|(cuda|hip)malloc failed|failed to allocate"
                  + "|allocation failed|(not enough|insufficient) memory"
                  + "|vk_error_out_of_device_memory|erroroutofmemory",
              "llama.cpp"),
          of(
              Sign.OUT_OF_MEMORY,
              "requires more system memory|unable to load full model on GPU",
              "Ollama"),
          of(
              Sign.CRASH,
              "model runner has unexpectedly stopped|error was encountered while running the model",
              "Ollama"),
          of(
              Sign.CRASH,
              "llama-server process (no longer running|has terminated)",
              "Ollama from 0.30 on"),
          of(
              Sign.CRASH,
              "llama runner process (no longer running|has terminated)",
              "Ollama up to 0.24"),
          of(Sign.CRASH, "^Compute error", "llama-server"),
          of(Sign.CALL_CUT, "^incomplete GLM tool call", "Ollama from 0.32.3 on, model/parsers"),
          of(
              Sign.CALL_CUT,
              "(?s)^error parsing tool call: raw=.*err=unexpected end of JSON input",
              "Ollama, gpt-oss"),
          of(
              Sign.CALL_CUT,
              "^failed to parse JSON: unexpected end of JSON input|^unterminated ATEM parameter",
              "Ollama, model/parsers"),
          of(
              Sign.CALL_CUT,
              "^XML syntax error on line \\d+: unexpected EOF",
              "Ollama, model/parsers/qwen3coder.go"),
          of(
              Sign.CALL_CUT,
              "returned invalid tool call arguments.*unexpected end of JSON input",
              "Ollama from 0.30 on, its own templates"),
          of(Sign.CALL_BROKEN, "^error parsing tool call", "Ollama, gpt-oss"),
          of(
              Sign.CALL_BROKEN,
              "^failed to parse (XML|JSON|function call)|^XML syntax error on line \\d+"
                  + "|^mismatched arg_key and arg_value counts|^empty function name"
                  + "|^expected element type <function>|^tool '.*' not found$",
              "Ollama, model/parsers"),
          of(
              Sign.CALL_BROKEN,
              "returned invalid tool call arguments",
              "Ollama from 0.30 on, its own templates"),
          of(
              Sign.CALL_BROKEN,
              "model produced output that does not match the expected|Failed to parse input at pos",
              "llama-server"));

  private static Signature overflow(String words, int prompt, int window, String source) {
    return new Signature(Sign.OVERFLOW, Pattern.compile(words), prompt, window, source);
  }

  private static Signature of(Sign sign, String words, String source) {
    return new Signature(sign, Pattern.compile(words), 0, 0, source);
  }

  /** The prompt's size that a message tells. */
  OptionalLong prompt(Matcher match) {
    return number(match, promptGroup);
  }

  /** The window that a message tells. */
  OptionalLong window(Matcher match) {
    return number(match, windowGroup);
  }

  private static OptionalLong number(Matcher match, int group) {
    return group == 0 || match.group(group).length() > MOST_DIGITS
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(match.group(group)));
  }
}
