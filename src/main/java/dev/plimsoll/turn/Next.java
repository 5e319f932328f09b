package dev.plimsoll.turn;

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
 */
record Next(Purpose purpose, Changes changes, @Nullable String from, boolean callExpected) {
  static Next first(Changes changes) {
    return new Next(Purpose.MAIN, changes, null, false);
  }

  static Next anew(Changes changes) {
    return new Next(Purpose.RETRY, changes, null, false);
  }

  static Next goingOn(String from, boolean callExpected, Changes changes) {
    return new Next(Purpose.CONTINUATION, changes, from, callExpected);
  }
}
