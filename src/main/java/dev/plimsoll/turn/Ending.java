package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;

/** Ends a turn that has no answer to give: first its row is closed, then the client is told. */
final class Ending {
  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;

  Ending(Parts parts, Arrival arrival, Downstream downstream, Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
  }

  /** For a request that cannot be asked; it counts as rejected if it never was. */
  void reject(ApiError error) {
    if (account.attempts() == 0) {
      parts.rejected().accept(Rejection.reason(error));
    }
    fail(error);
  }

  /** With an error; a client that has a status already keeps it, in the row as well. */
  void fail(ApiError error) {
    boolean begun = downstream.status() != 0;
    int status = begun ? downstream.status() : error.status();
    account.close(status, Outcomes.of(error), null, downstream.firstByteNanos());
    ApiError words = parts.told(error);
    ApiError told = begun ? words : words.withSuffix(" (" + arrival.id() + ")");
    account.afterCommit(() -> downstream.fail(told));
  }

  /** After a bug of ours. */
  void bug(RuntimeException thrown) {
    account.bug(thrown);
    fail(OwnErrors.bug());
  }

  /** When the turn's thread was interrupted: the client has left, or the program ends. */
  void interrupted() {
    if (downstream.abandoned()) {
      account.abandoned();
      fail(OwnErrors.shuttingDown());
    } else {
      account.clientLeft(downstream.status(), downstream.firstByteNanos());
    }
  }
}
