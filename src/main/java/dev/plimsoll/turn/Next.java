package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.recover.Changes;
import org.jspecify.annotations.Nullable;

/**
 * The next attempt of a turn.
 *
 * @param purpose why there is one
 * @param changes what is different about it
 * @param from the answer so far, to go on with; null to begin anew
 * @param callExpected whether that answer broke off in a tool call
 * @param unlessShorter what the client is told if the conversation cannot be made shorter than it
 *     was the last time; null when it need not be
 */
record Next(
    Purpose purpose,
    Changes changes,
    @Nullable String from,
    boolean callExpected,
    @Nullable ApiError unlessShorter) {
  static Next first(Changes changes) {
    return new Next(Purpose.MAIN, changes, null, false, null);
  }

  static Next anew(Changes changes) {
    return new Next(Purpose.RETRY, changes, null, false, null);
  }

  static Next shorter(ApiError orElse) {
    return new Next(Purpose.RETRY, Changes.NONE, null, false, orElse);
  }

  static Next goingOn(String from, boolean callExpected, Changes changes) {
    return new Next(Purpose.CONTINUATION, changes, from, callExpected, null);
  }
}
