package dev.plimsoll.recover;

import dev.plimsoll.calls.Defect;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.Usage;

/**
 * The errors that tell what a model got wrong, once nothing more is tried.
 *
 * <p>After several attempts the same request would fail again, and the client is told so; after
 * one, it may not.
 */
final class ModelFaults {
  private ModelFaults() {}

  static ApiError brokenCall(Defect defect, int attempts) {
    return of(
        "the model's answer held a tool call that cannot be used ("
            + defect.words()
            + "), so nothing of the call was passed on",
        attempts);
  }

  static ApiError cutCall(int attempts) {
    return of(
        "the model's answer held a tool call that is not whole because the answer reached its"
            + " length limit, so nothing of the call was passed on",
        attempts);
  }

  /** No other limit would help, since the proxy allows no more. */
  static ApiError callTooLong() {
    return ApiError.of(
        ErrorCode.RECOVERY_EXHAUSTED,
        "the model's answer held a tool call that is not whole because the answer reached its"
            + " length limit, and there is no room for a longer one"
            + " (recovery.max-generated-tokens, context.window). Ask for less at once.");
  }

  static ApiError empty(int attempts) {
    return of("the model answered without a word or a tool call", attempts);
  }

  static ApiError reasoningOnly(int attempts) {
    return of("the model's answer was reasoning only when it reached its length limit", attempts);
  }

  static ApiError repeating(int attempts) {
    return of("the model said the same over and over and was stopped", attempts);
  }

  /** Asking again would not help: the conversation itself goes round. */
  static ApiError loop() {
    return ApiError.of(
        ErrorCode.RECOVERY_EXHAUSTED,
        "the model keeps making the same tool call with the same result, also after it was told"
            + " so (recovery.loop-guard). Tell it what to do instead.");
  }

  /** The sentence that agents recognise, since they can make the conversation shorter. */
  static ApiError windowFull(Outcome last, long window) {
    Usage usage = last.usage();
    String requested = usage == null ? "more tokens" : usage.total() + " tokens";
    return ApiError.of(
        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
        "This model's maximum context length is "
            + last.room().window().orElse(window)
            + " tokens. However, you requested "
            + requested
            + ": a tool call of the answer did not fit behind the prompt, so nothing of the call"
            + " was passed on. Shorten the conversation, or raise context.window if the GPU has"
            + " room.");
  }

  private static ApiError of(String what, int attempts) {
    return attempts > 1
        ? ApiError.of(
            ErrorCode.RECOVERY_EXHAUSTED,
            what
                + ". It was asked "
                + attempts
                + " times. Ask in another way, for less at once, or use another model.")
        : ApiError.of(
            ErrorCode.UPSTREAM_ERROR, "server error: " + what + ". Please retry your request.");
  }
}
