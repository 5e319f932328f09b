package dev.plimsoll.stream;

import dev.plimsoll.calls.Flaw;
import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import java.util.List;
import java.util.Set;

/** What an attempt's answer turned out to be once nothing more of it comes; a closed set. */
public sealed interface Verdict {
  /**
   * A whole answer.
   *
   * @param reason why the model stopped; {@code TOOL_CALLS} whenever there are calls
   * @param calls the tool calls, whole, in the model's order
   * @param repairs what was put right about the calls
   */
  record Complete(FinishReason reason, List<ToolCall> calls, Set<Repair> repairs)
      implements Verdict {
    /** Copies the collections. */
    public Complete {
      calls = List.copyOf(calls);
      repairs = Set.copyOf(repairs);
    }

    /** An answer without calls. */
    public static Complete of(FinishReason reason) {
      return new Complete(reason, List.of(), Set.of());
    }

    /** Whether the text that was held back is the calls, and so must not be told as text. */
    public boolean heldTextIsCalls() {
      return repairs.contains(Repair.TEXT_TO_CALL);
    }
  }

  /** The answer stopped at a limit: the cap on generated tokens, or the end of the window. */
  record CutByLength(Part part) implements Verdict {}

  /** The part of an answer in which it was cut. */
  enum Part {
    TEXT,
    REASONING,
    TOOL_CALL
  }

  /** A tool call that is not one its tool takes, so that nothing of it may leave. */
  record BrokenToolCall(Flaw flaw) implements Verdict {}

  /**
   * The model stopped without a word or a call.
   *
   * @param reasoned whether it had reasoned before
   */
  record Empty(boolean reasoned) implements Verdict {}

  /** The model said the same over and over, and was stopped. */
  record Repeating() implements Verdict {}

  /** No whole answer came. */
  record Lost(UpstreamFailure failure) implements Verdict {}
}
