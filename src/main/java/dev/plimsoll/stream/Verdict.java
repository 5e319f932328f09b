package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import java.util.List;

/** What an attempt's answer turned out to be once nothing more of it comes; a closed set. */
public sealed interface Verdict {
  /**
   * A whole answer.
   *
   * @param reason why the model stopped; {@code TOOL_CALLS} whenever there are calls
   * @param calls the tool calls, whole, in the model's order
   */
  record Complete(FinishReason reason, List<ToolCall> calls) implements Verdict {
    /** Copies the list. */
    public Complete {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A tool call that is not whole, so that nothing of it may leave.
   *
   * @param defect what is wrong with it, in words
   * @param cutByLength whether the answer stopped at a length limit
   */
  record BrokenToolCall(String defect, boolean cutByLength) implements Verdict {}

  /** No whole answer came. */
  record Lost(UpstreamFailure failure) implements Verdict {}
}
