package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a good answer: everything that goes out behind its text.
 *
 * @param reason the finish reason that the client is told
 * @param calls tool calls, whole
 * @param usage the tokens, null when the upstream counted none
 * @param timings where the upstream's time went, if it says so
 * @param finishChunk the upstream's own finish chunk, when it may go out as it came
 * @param usageChunk the upstream's own usage chunk, when it may go out as it came
 * @param plimsoll what stands in the usage beside the tokens; null for nothing
 */
public record Answer(
    FinishReason reason,
    List<ToolCall> calls,
    @Nullable Usage usage,
    @Nullable Timings timings,
    @Nullable Slice finishChunk,
    @Nullable Slice usageChunk,
    @Nullable PlimsollUsage plimsoll) {
  /** Copies the list. */
  public Answer {
    calls = List.copyOf(calls);
  }

  /** The same with other tokens. */
  public Answer with(Usage other) {
    return new Answer(reason, calls, other, timings, finishChunk, null, plimsoll);
  }

  /** The same with something beside the tokens. */
  public Answer with(PlimsollUsage beside) {
    return new Answer(reason, calls, usage, timings, finishChunk, usageChunk, beside);
  }
}
