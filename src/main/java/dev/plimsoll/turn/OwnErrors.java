package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import java.time.Duration;

/** The errors that are the proxy's own: more requests than it may take, its end, its bugs. */
public final class OwnErrors {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private OwnErrors() {}

  /** Too many wait for a model. */
  static ApiError queueFull() {
    return ApiError.of(
            ErrorCode.QUEUE_FULL,
            "Too many requests wait for this model (upstream.queue). Ask again later.")
        .withRetryAfter(RETRY_AFTER);
  }

  /** Too many explanations are asked for. */
  static ApiError explaining() {
    return ApiError.of(
            ErrorCode.QUEUE_FULL, "Other requests are being explained. Ask again in a moment.")
        .withRetryAfter(RETRY_AFTER);
  }

  /** Too many are being answered. */
  public static ApiError inFlight() {
    return ApiError.of(
            ErrorCode.QUEUE_FULL,
            "Too many requests are being answered (listen.max-in-flight). Ask again later.")
        .withRetryAfter(RETRY_AFTER);
  }

  /** The program is ending. */
  public static ApiError shuttingDown() {
    return ApiError.of(ErrorCode.SHUTTING_DOWN, "server error: Plimsoll is shutting down.")
        .withRetryAfter(RETRY_AFTER);
  }

  /** Something happened that should be impossible. */
  static ApiError bug() {
    return ApiError.of(
        ErrorCode.SERVER_ERROR, "server error: a bug in the proxy ended the request");
  }
}
