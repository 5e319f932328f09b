package dev.plimsoll.tokens;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts that llama.cpp takes for special tokens whatever their file says of them
 * (llama-vocab.cpp, "auto-detect special tokens by text").
 */
final class ControlTexts {
  /** They end a turn or an answer. */
  private static final Set<String> END =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
          "[e~[");

  /** They mark the gap that a model is to fill, or name a file. */
  private static final Set<String> FILL =
      Set.of(
          "<|fim_prefix|>",
          "<|fim_suffix|>",
          "<|fim_middle|>",
          "<|fim_pad|>",
          "<|fim_repo|>",
          "<|repo_name|>",
          "<|file_sep|>",
          "<fim-prefix>",
          "<fim-suffix>",
          "<fim-middle>",
          "<fim-pad>",
          "<fim-repo>",
          "<fim_prefix>",
          "<fim_suffix>",
          "<fim_middle>",
          "<fim_pad>",
          "<|code_prefix|>",
          "<|code_suffix|>",
          "<|code_middle|>",
          "<\uFF5Cfim\u2581begin\uFF5C>",
          "<\uFF5Cfim\u2581hole\uFF5C>",
          "<\uFF5Cfim\u2581end\uFF5C>",
          "<PRE>",
          "<SUF>",
          "<MID>",
          "<REPO>",
          "<reponame>");

  /** They build gpt-oss's prompts. */
  private static final Set<String> HARMONY =
      Set.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

  private ControlTexts() {}

  /** The type that a token really has; an unnamed one is an ordinary token. */
  static TokenType corrected(String text, @Nullable TokenType named) {
    if (HARMONY.contains(text)) {
      return TokenType.USER_DEFINED;
    }
    TokenType type = named == null ? TokenType.NORMAL : named;
    return !type.special() && (END.contains(text) || FILL.contains(text))
        ? TokenType.CONTROL
        : type;
  }
}
