package dev.plimsoll.turn;

import dev.plimsoll.calls.Defect;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;

/** How the ledger and the metrics name what came of an attempt, and of a request. */
final class Outcomes {
  private Outcomes() {}

  /** What an attempt was, by its verdict. */
  static AttemptOutcome of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Complete complete ->
          complete.heldTextIsCalls() ? AttemptOutcome.TEXT_TOOL_CALL : AttemptOutcome.OK;
      case Verdict.CutByLength(var part) ->
          part == Verdict.Part.TOOL_CALL
              ? AttemptOutcome.LENGTH_IN_TOOL_CALL
              : AttemptOutcome.LENGTH_IN_TEXT;
      case Verdict.BrokenToolCall(var flaw) -> of(flaw.defect());
      case Verdict.Empty _ -> AttemptOutcome.EMPTY_RESPONSE;
      case Verdict.Repeating _ -> AttemptOutcome.REPETITION;
      case Verdict.Lost(var failure) -> of(failure);
    };
  }

  private static AttemptOutcome of(Defect defect) {
    return switch (defect) {
      case NO_NAME, NOT_JSON, CUT, UNREADABLE -> AttemptOutcome.INVALID_TOOL_ARGUMENTS;
      case UNKNOWN_TOOL -> AttemptOutcome.UNKNOWN_TOOL;
      case MISSING_ARGUMENT, UNKNOWN_ARGUMENT, WRONG_VALUE -> AttemptOutcome.SCHEMA_MISMATCH;
      case CUT_IN_TEXT -> AttemptOutcome.TEXT_TOOL_CALL;
    };
  }

  /** What an attempt was that failed like this. */
  static AttemptOutcome of(UpstreamFailure failure) {
    return switch (failure) {
      case UpstreamFailure.Refused _,
          UpstreamFailure.Unreadable _,
          UpstreamFailure.TooLarge _,
          UpstreamFailure.ErrorFrame _ ->
          AttemptOutcome.UPSTREAM_ERROR;
      case UpstreamFailure.RunnerCrash _, UpstreamFailure.OutOfMemory _ ->
          AttemptOutcome.RUNNER_CRASH;
      case UpstreamFailure.UnreadableCall _ -> AttemptOutcome.INVALID_TOOL_ARGUMENTS;
      case UpstreamFailure.TimedOut _ -> AttemptOutcome.TIMEOUT;
      case UpstreamFailure.Status status ->
          status.passes() ? AttemptOutcome.UPSTREAM_ERROR : AttemptOutcome.REFUSED;
      case UpstreamFailure.ContextExceeded _ -> AttemptOutcome.OVERFLOW;
      case UpstreamFailure.Cut _ -> AttemptOutcome.STREAM_CUT;
    };
  }

  /** What a request was that ended with this error. */
  static Outcome of(ApiError error) {
    return switch (error.code()) {
      case QUEUE_FULL, SHUTTING_DOWN -> Outcome.SHED;
      case UPSTREAM_TIMEOUT -> Outcome.TIMEOUT;
      case UPSTREAM_UNREACHABLE,
          UPSTREAM_ERROR,
          RECOVERY_EXHAUSTED,
          UPSTREAM_OVERLOADED,
          SERVER_ERROR ->
          Outcome.UPSTREAM_ERROR;
      case INVALID_JSON,
          INVALID_REQUEST,
          UNSUPPORTED_MEDIA_TYPE,
          BODY_TOO_LARGE,
          BAD_FRAMING,
          HOST_NOT_ALLOWED,
          ORIGIN_NOT_ALLOWED,
          INVALID_API_KEY,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          MANAGEMENT_DISABLED,
          MODEL_NOT_FOUND,
          CONTEXT_LENGTH_EXCEEDED ->
          Outcome.CLIENT_ERROR;
    };
  }
}
