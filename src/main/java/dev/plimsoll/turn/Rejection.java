package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.metrics.RejectReason;

/** Tells what an error counts as that ends a request before a model was asked. */
public final class Rejection {
  private Rejection() {}

  /** The reason that belongs to its code. */
  public static RejectReason reason(ApiError error) {
    return switch (error.code()) {
      case INVALID_JSON -> RejectReason.JSON;
      case BODY_TOO_LARGE -> RejectReason.TOO_LARGE;
      case BAD_FRAMING -> RejectReason.BAD_FRAMING;
      case UNSUPPORTED_MEDIA_TYPE -> RejectReason.CONTENT_TYPE;
      case HOST_NOT_ALLOWED -> RejectReason.HOST;
      case ORIGIN_NOT_ALLOWED -> RejectReason.ORIGIN;
      case INVALID_API_KEY -> RejectReason.AUTH;
      case NOT_FOUND -> RejectReason.PATH;
      case METHOD_NOT_ALLOWED -> RejectReason.METHOD;
      case MANAGEMENT_DISABLED -> RejectReason.MANAGEMENT;
      case QUEUE_FULL, UPSTREAM_OVERLOADED -> RejectReason.QUEUE;
      case SHUTTING_DOWN -> RejectReason.SHUTDOWN;
      case INVALID_REQUEST,
          MODEL_NOT_FOUND,
          CONTEXT_LENGTH_EXCEEDED,
          RECOVERY_EXHAUSTED,
          UPSTREAM_UNREACHABLE,
          UPSTREAM_TIMEOUT,
          UPSTREAM_ERROR,
          SERVER_ERROR ->
          RejectReason.INVALID;
    };
  }
}
