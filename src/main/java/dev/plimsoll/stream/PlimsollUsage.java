package dev.plimsoll.stream;

import dev.plimsoll.json.JsonOut;
import java.util.OptionalLong;

/**
 * What Plimsoll adds to an answer's usage, as {@code usage.plimsoll}.
 *
 * @param originalPromptTokens of the conversation as the client sent it; empty when nobody counted
 *     it
 * @param savedTokens that were not sent because of compaction
 * @param attempts calls to the model that the answer took
 * @param compaction {@code none}, or how far the conversation was shortened
 */
public record PlimsollUsage(
    OptionalLong originalPromptTokens, long savedTokens, int attempts, String compaction) {
  /** Writes it as a member of a usage object. */
  void write(JsonOut out) {
    out.ascii("\"plimsoll\":{");
    originalPromptTokens.ifPresent(
        tokens -> out.ascii("\"original_prompt_tokens\":").number(tokens).ascii(','));
    out.ascii("\"saved_tokens\":").number(savedTokens);
    out.ascii(",\"attempts\":").number(attempts);
    out.ascii(",\"compaction\":").string(compaction).ascii('}');
  }
}
