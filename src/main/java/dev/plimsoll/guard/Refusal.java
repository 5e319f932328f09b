package dev.plimsoll.guard;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.metrics.RejectReason;

/**
 * A request that goes no further.
 *
 * @param reason what it counts as
 * @param error what its sender is told
 */
public record Refusal(RejectReason reason, ApiError error) {
  /** A refusal with the status that belongs to its code. */
  static Refusal of(RejectReason reason, ErrorCode code, String message) {
    return new Refusal(reason, ApiError.of(code, message));
  }

  /** A request that is not the HTTP that it should be. */
  static Refusal framing(RejectReason reason, int status, String message) {
    return new Refusal(reason, ApiError.of(ErrorCode.BAD_FRAMING, message).withStatus(status));
  }
}
