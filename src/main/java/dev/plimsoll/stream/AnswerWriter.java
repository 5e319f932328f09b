package dev.plimsoll.stream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.json.JsonOut;

/** Writes an answer in the form that the client asked for, into an output that it owns. */
public sealed interface AnswerWriter permits ChatStream, CompletionStream, JoinedAnswer {
  /** Learns how the upstream names the answer. */
  void opened(StreamEvent.Opened opened);

  /** Writes a piece of text. */
  void text(StreamEvent.TextDelta delta);

  /** Writes a piece of reasoning. */
  void reasoning(StreamEvent.ReasoningDelta delta);

  /** Writes all that comes behind the text; the answer is whole. */
  void end(Answer answer);

  /** Writes an error as the last thing of a stream that has already begun. */
  void fail(ApiError error);

  /** Where it writes; whoever sends the bytes clears it. */
  JsonOut out();
}
