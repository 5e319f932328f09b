package dev.plimsoll.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that keeps its rows in memory and forgets the oldest ones.
 *
 * <p>One plain lock guards everything: each call takes microseconds, and a handful of models cannot
 * answer often enough for threads to meet here.
 */
public final class MemoryLedger implements Ledger {
  private static final int MAX_SESSIONS = 10_000;
  private static final int MAX_REQUESTS = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final int maxSessions;
  private final int maxRequests;

  /** Least recently seen first. */
  private final SequencedMap<String, MemorySession> sessions = new LinkedHashMap<>();

  /** Oldest first. */
  private final SequencedMap<String, MemoryRequest> requests = new LinkedHashMap<>();

  private final MemoryTotals totals = new MemoryTotals();
  private final String detail;
  private long lastPosition;

  /** An empty ledger, as configured. */
  public MemoryLedger() {
    this("rows are kept in memory, as store.kind says");
  }

  /**
   * An empty ledger for {@value #MAX_SESSIONS} sessions and {@value #MAX_REQUESTS} requests.
   *
   * @param why rows are kept in memory, for an operator
   */
  public MemoryLedger(String why) {
    this(MAX_SESSIONS, MAX_REQUESTS, why);
  }

  MemoryLedger(int maxSessions, int maxRequests, String why) {
    this.maxSessions = maxSessions;
    this.maxRequests = maxRequests;
    this.detail = why;
  }

  @Override
  public void open(RequestStart start) {
    locked(
        () -> {
          if (requests.containsKey(start.id())) {
            return;
          }
          MemorySession session = session(start);
          MemoryRequest request = new MemoryRequest(start, ++lastPosition);
          requests.put(start.id(), request);
          session.opened(request);
          touch(session);
          forgetOldest();
        });
  }

  @Override
  public void openAttempt(String requestId, AttemptStart start) {
    locked(
        () -> {
          MemoryRequest request = requests.get(requestId);
          if (request != null && request.openAttempt(start)) {
            owner(request).ifPresent(MemorySession::attemptOpened);
          }
        });
  }

  @Override
  public void mark(String requestId, int number, Progress progress) {
    locked(
        () -> {
          MemoryRequest request = requests.get(requestId);
          if (request != null) {
            request.mark(number, progress);
          }
        });
  }

  @Override
  public void closeAttempt(String requestId, int number, AttemptEnd end) {
    locked(
        () -> {
          MemoryRequest request = requests.get(requestId);
          AttemptStart start = request == null ? null : request.closeAttempt(number, end);
          if (request != null && start != null) {
            owner(request).ifPresent(session -> session.attemptClosed(start.purpose(), end));
            totals.add(start, end);
          }
        });
  }

  @Override
  public void close(String requestId, RequestEnd end) {
    locked(
        () -> {
          MemoryRequest request = requests.get(requestId);
          if (request != null && request.close(end)) {
            owner(request)
                .ifPresent(
                    session -> {
                      session.closed(request.row(), end);
                      touch(session);
                    });
          }
        });
  }

  @Override
  public void afterCommit(Runnable next) {
    next.run();
  }

  @Override
  public Page<SessionRow> sessions(SessionQuery query) {
    return read(
        () -> {
          Pager<SessionRow> pager = new Pager<>(query.limit(), query.after());
          for (MemorySession session : sessions.sequencedValues().reversed()) {
            if (pager.isBehind(session.position)) {
              SessionRow row = session.row();
              if (query.wants(row) && !pager.take(row, session.position)) {
                break;
              }
            }
          }
          return pager.page();
        });
  }

  @Override
  public Optional<SessionRow> session(String id) {
    return read(() -> Optional.ofNullable(sessions.get(id)).map(MemorySession::row));
  }

  @Override
  public Page<RequestRow> requests(String sessionId, int limit, @Nullable Cursor after) {
    return read(
        () -> {
          Pager<RequestRow> pager = new Pager<>(limit, after);
          MemorySession session = sessions.get(sessionId);
          if (session == null) {
            return pager.page();
          }
          for (Iterator<MemoryRequest> i = session.kept.descendingIterator(); i.hasNext(); ) {
            MemoryRequest request = i.next();
            if (pager.isBehind(request.position) && !pager.take(request.row(), request.position)) {
              break;
            }
          }
          return pager.page();
        });
  }

  @Override
  public Optional<RequestRow> request(String id) {
    return read(() -> Optional.ofNullable(requests.get(id)).map(MemoryRequest::row));
  }

  @Override
  public Page<RequestRow> all(int limit, @Nullable Cursor after) {
    return read(
        () -> {
          long from = after == null ? 0 : after.position();
          List<MemoryRequest> found =
              requests.values().stream()
                  .filter(request -> request.position > from)
                  .limit(limit + 1L)
                  .toList();
          boolean more = found.size() > limit;
          List<MemoryRequest> rows = more ? found.subList(0, limit) : found;
          return new Page<>(
              rows.stream().map(MemoryRequest::row).toList(),
              more ? new Cursor(rows.getLast().position) : null);
        });
  }

  @Override
  public Totals totals() {
    return read(totals::all);
  }

  @Override
  public LedgerHealth health() {
    return new LedgerHealth(LedgerHealth.State.MEMORY, 0, null, detail);
  }

  /** Forgets everything by being forgotten. */
  @Override
  public void close() {}

  private MemorySession session(RequestStart start) {
    return sessions.computeIfAbsent(
        start.identity().id().value(),
        id -> new MemorySession(start.identity().id(), start.startedAt()));
  }

  private Optional<MemorySession> owner(MemoryRequest request) {
    return Optional.ofNullable(sessions.get(request.start.identity().id().value()));
  }

  private void touch(MemorySession session) {
    session.position = ++lastPosition;
    sessions.putLast(session.id.value(), session);
  }

  private void forgetOldest() {
    if (sessions.size() > maxSessions) {
      MemorySession gone = sessions.pollFirstEntry().getValue();
      gone.kept.forEach(request -> requests.remove(request.start.id()));
    }
    if (requests.size() > maxRequests) {
      MemoryRequest gone = requests.pollFirstEntry().getValue();
      owner(gone).ifPresent(session -> session.forgotten(gone));
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T read(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
