package dev.plimsoll.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where every request and every call to the upstream is written down.
 *
 * <p>Rows are opened when something begins, so that what never ends still shows, and closed once:
 * opening or closing again changes nothing, and so does closing what was never opened or is no
 * longer kept. A request may close before its attempts; their tokens still count. Safe for any
 * number of threads; no call waits for anything slow.
 */
public interface Ledger {
  /** A request has begun. */
  void open(RequestStart start);

  /** The upstream is asked for the {@code number}th time in a request. */
  void openAttempt(String requestId, int number, Purpose purpose);

  /** That call has ended. */
  void closeAttempt(String requestId, int number, AttemptEnd end);

  /** A request has ended; attempts that are still open then keep running. */
  void close(String requestId, RequestEnd end);

  /** Sessions, newest activity first. */
  Page<SessionRow> sessions(SessionQuery query);

  /** The session of that id. */
  Optional<SessionRow> session(String id);

  /** The requests of a session, newest first; none for a session that is not there. */
  Page<RequestRow> requests(String sessionId, int limit, @Nullable Cursor after);

  /** The request of that id. */
  Optional<RequestRow> request(String id);
}
