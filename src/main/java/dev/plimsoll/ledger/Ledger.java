package dev.plimsoll.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where every request and every call to the upstream is written down.
 *
 * <p>Rows are opened when something begins, so that what never ends still shows, and closed once:
 * opening or closing again changes nothing, and so does closing what was never opened or is no
 * longer kept. A request may close before its attempts; their tokens still count. Safe for any
 * number of threads.
 *
 * <p>What writes waits for nothing slow and never fails: who must know that a row will survive asks
 * {@link #afterCommit}. What reads may take as long as a disk, so it is not for an event loop.
 */
public interface Ledger extends AutoCloseable {
  /** A request has begun. */
  void open(RequestStart start);

  /** The upstream is about to be asked in a request. */
  void openAttempt(String requestId, AttemptStart start);

  /** That call has come so far; a mark may be skipped when there is much to write. */
  void mark(String requestId, int number, Progress progress);

  /** That call has ended. */
  void closeAttempt(String requestId, int number, AttemptEnd end);

  /** A request has ended; attempts that are still open then keep running. */
  void close(String requestId, RequestEnd end);

  /**
   * Runs {@code next} once, as soon as everything that this thread handed over before will survive
   * the end of the process, or when {@code store.write-timeout} is over, or when writing is known
   * to fail. It runs on the caller's thread or on one of the ledger's, so it must be quick.
   */
  void afterCommit(Runnable next);

  /** Sessions, newest activity first. */
  Page<SessionRow> sessions(SessionQuery query) throws LedgerUnreadable;

  /** The session of that id. */
  Optional<SessionRow> session(String id) throws LedgerUnreadable;

  /** The requests of a session, newest first; none for a session that is not there. */
  Page<RequestRow> requests(String sessionId, int limit, @Nullable Cursor after)
      throws LedgerUnreadable;

  /** The request of that id. */
  Optional<RequestRow> request(String id) throws LedgerUnreadable;

  /** All requests that are kept, oldest first. */
  Page<RequestRow> all(int limit, @Nullable Cursor after) throws LedgerUnreadable;

  /** The sums of everything that ever ended. */
  Totals totals() throws LedgerUnreadable;

  /** How it does; quick. */
  LedgerHealth health();

  /** Writes what is still in memory, as far as that is possible in some seconds, and ends. */
  @Override
  void close();
}
