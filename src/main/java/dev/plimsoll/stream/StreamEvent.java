package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an upstream said, whatever its wire format.
 *
 * <p>Events point into the bytes they were read from and are valid only while they are handled; who
 * keeps one copies it. A {@code chunk} is an OpenAI chunk that says just this and may be relayed as
 * it came.
 */
public sealed interface StreamEvent {
  /**
   * The first chunk named the answer.
   *
   * @param id the JSON string of the answer's id
   * @param created seconds since 1970, or -1 when the upstream does not say
   * @param model the JSON string of the model's name
   */
  record Opened(JsonString id, long created, JsonString model) implements StreamEvent {}

  /**
   * A piece of the answer's text.
   *
   * @param logprobs the array of token log probabilities, if the client asked for them
   */
  record TextDelta(JsonString text, @Nullable Slice logprobs, @Nullable Slice chunk)
      implements StreamEvent {}

  /** A piece of the model's reasoning. */
  record ReasoningDelta(JsonString text, @Nullable Slice chunk) implements StreamEvent {}

  /**
   * A piece of a tool call.
   *
   * @param index the call's number as the upstream counts, from 0
   * @param id the call's id, in its first piece at most
   * @param name the tool's name, in its first piece at most
   * @param arguments the next piece of the arguments' JSON text
   * @param asValue whether they came as a JSON value where the protocol wants a string
   */
  record ToolCallDelta(
      int index, @Nullable String id, @Nullable String name, String arguments, boolean asValue)
      implements StreamEvent {
    /** A piece in the form that its protocol wants. */
    public ToolCallDelta(int index, @Nullable String id, @Nullable String name, String arguments) {
      this(index, id, name, arguments, false);
    }
  }

  /** The model stopped, and why. */
  record Finished(FinishReason reason, @Nullable Slice chunk) implements StreamEvent {}

  /** The upstream's count of the answer so far. */
  record UsageReport(Usage usage, @Nullable Timings timings, @Nullable Slice chunk)
      implements StreamEvent {}

  /** The upstream says that the answer is over. */
  record Done() implements StreamEvent {}

  /** Something that does not belong into such a stream; no part of the answer. */
  record Noticed(Anomaly anomaly) implements StreamEvent {}

  /** The upstream reported a failure inside its answer, or wrote something unreadable. */
  record Failed(UpstreamFailure failure) implements StreamEvent {}
}
