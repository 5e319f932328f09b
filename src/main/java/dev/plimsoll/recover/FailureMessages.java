package dev.plimsoll.recover;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.stream.UpstreamFailure;

/**
 * Turns an upstream's failure into the error that tells the client what happened and what to do.
 */
final class FailureMessages {
  private FailureMessages() {}

  static ApiError of(UpstreamFailure failure, long window, int attempts) {
    String tried = attempts > 1 ? " Tried " + attempts + " times." : "";
    return switch (failure) {
      case UpstreamFailure.Refused(var detail) ->
          ApiError.of(
              ErrorCode.UPSTREAM_UNREACHABLE,
              "server error: the model server cannot be reached ("
                  + detail
                  + "). Start it (for Ollama: ollama serve), or correct upstream.url."
                  + tried);
      case UpstreamFailure.TimedOut(var phase, var limit) ->
          ApiError.of(
              ErrorCode.UPSTREAM_TIMEOUT,
              "server error: the model server did not answer in time ("
                  + phase.label()
                  + " timeout of "
                  + limit.toSeconds()
                  + " s). It may be loading or overloaded; see its log."
                  + tried);
      case UpstreamFailure.Status status -> ofStatus(status, tried);
      case UpstreamFailure.ContextExceeded exceeded -> tooLong(exceeded, window);
      case UpstreamFailure.RunnerCrash(var message) -> broken("broke off: " + message, tried);
      case UpstreamFailure.OutOfMemory(var message) ->
          ApiError.of(
              ErrorCode.UPSTREAM_ERROR,
              "server error: the model server is out of memory ("
                  + message
                  + "). Set a smaller context.window, or free memory of the GPU."
                  + tried);
      case UpstreamFailure.UnreadableCall(var message, var _, var _) ->
          broken("held a tool call that the server could not read: " + message, tried);
      case UpstreamFailure.Cut(var detail) -> broken("stopped in the middle: " + detail, tried);
      case UpstreamFailure.ErrorFrame(var message) -> broken("reported: " + message, tried);
      case UpstreamFailure.Unreadable(var detail) -> broken("cannot be read: " + detail, tried);
      case UpstreamFailure.TooLarge(var detail) ->
          ApiError.of(
              ErrorCode.RECOVERY_EXHAUSTED,
              "the model server's answer was given up: "
                  + detail
                  + ". Ask for less at once, or raise recovery.max-held.");
    };
  }

  private static ApiError broken(String what, String tried) {
    return ApiError.of(
        ErrorCode.UPSTREAM_ERROR,
        "server error: the model server's answer " + what + ". Please retry your request." + tried);
  }

  private static ApiError ofStatus(UpstreamFailure.Status failure, String tried) {
    int status = failure.status();
    String message = "The model server answered " + status + ": " + failure.message();
    if (status >= 500) {
      ErrorCode code =
          status == 503 || status == 529 ? ErrorCode.UPSTREAM_OVERLOADED : ErrorCode.UPSTREAM_ERROR;
      ApiError error = ApiError.of(code, message + tried);
      return failure.retryAfter() == null ? error : error.withRetryAfter(failure.retryAfter());
    }
    if (status < 400) {
      return ApiError.of(
          ErrorCode.UPSTREAM_ERROR,
          message + ". Redirects are not followed; correct upstream.url.");
    }
    ErrorCode code =
        switch (status) {
          case 401, 403 -> ErrorCode.INVALID_API_KEY;
          case 404 -> ErrorCode.MODEL_NOT_FOUND;
          case 429 -> ErrorCode.UPSTREAM_OVERLOADED;
          default -> ErrorCode.INVALID_REQUEST;
        };
    ApiError error = ApiError.of(code, message).withStatus(status);
    return failure.retryAfter() == null ? error : error.withRetryAfter(failure.retryAfter());
  }

  /** The sentence that Crush, OpenCode and Pi recognise as an overflow. */
  private static ApiError tooLong(UpstreamFailure.ContextExceeded exceeded, long window) {
    long known = exceeded.window().orElse(window);
    String requested =
        exceeded.prompt().isPresent()
            ? exceeded.prompt().getAsLong() + " tokens"
            : "more tokens than that";
    return ApiError.of(
        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
        "This model's maximum context length is "
            + known
            + " tokens. However, you requested "
            + requested
            + ". Shorten the conversation, or raise context.window if the GPU has room.");
  }
}
