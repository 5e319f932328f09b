package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.session.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes into the tables of an open file, within a transaction of its caller's. Every
 * statement leaves alone what is already as it would make it: closed rows stay closed, and sums
 * grow only when a row really closes.
 *
 * <p>Rows of requests and attempts are written as the changes come. What they do to their sessions
 * and to the totals is added up and written once, by {@link #flush}.
 */
final class ChangeWriter implements AutoCloseable {
  /** More requests than can be under way; the one that was longest not heard of is looked up. */
  private static final int MAX_LIVE = 20_000;

  private final List<Prepared> prepared = new ArrayList<>();
  private final Connection connection;
  private final Prepared openRequest;
  private final Prepared openAttempt;
  private final Prepared mark;
  private final Prepared closeAttempt;
  private final Prepared closeRequest;
  private final Prepared request;
  private final Prepared attemptsOf;
  private final Prepared session;
  private final Prepared knownSession;
  private final Prepared total;
  private final Prepared gap;

  /** Requests that are not settled, by their ids; the least recently used first. */
  private final Map<String, LiveRequest> live = new LinkedHashMap<>(64, 0.75f, true);

  private final Map<String, SessionChange> sessions = new LinkedHashMap<>();
  private final Map<Kind, Totals.Sums> totals = new HashMap<>();
  private long position;

  private record Kind(String model, Purpose purpose, TokenSource source) {}

  ChangeWriter(Connection connection) throws SQLException {
    this.connection = connection;
    openRequest = prepare(StoreSql.OPEN_REQUEST);
    openAttempt = prepare(StoreSql.OPEN_ATTEMPT);
    mark = prepare(StoreSql.MARK);
    closeAttempt = prepare(StoreSql.CLOSE_ATTEMPT);
    closeRequest = prepare(StoreSql.CLOSE_REQUEST);
    request = prepare(StoreSql.REQUEST);
    attemptsOf = prepare(StoreSql.ATTEMPTS_OF);
    session = prepare(StoreSql.SESSION);
    knownSession = prepare(StoreSql.KNOWN_SESSION);
    total = prepare(StoreSql.TOTAL);
    gap = prepare(StoreSql.GAP);
    try (Prepared last = new Prepared(connection, StoreSql.LAST_POSITION)) {
      Long found = last.first(row -> row.getLong(1));
      position = found == null ? 0 : found;
    }
  }

  private Prepared prepare(String sql) throws SQLException {
    Prepared made = new Prepared(connection, sql);
    prepared.add(made);
    return made;
  }

  void write(Change change) throws SQLException {
    switch (change) {
      case Change.Opened(var start) -> open(start);
      case Change.AttemptOpened(var id, var start) -> openAttempt(id, start);
      case Change.Marked(var id, int number, var progress) -> mark(id, number, progress);
      case Change.AttemptClosed(var id, int number, var end) -> closeAttempt(id, number, end);
      case Change.Closed(var id, var end) -> close(id, end);
      case Change.Gap(var id, var cause, var from, var to, var what) ->
          gap.run(
              id,
              cause.label(),
              from.toEpochMilli(),
              to.toEpochMilli(),
              what.requests(),
              what.attempts(),
              what.tokens());
    }
  }

  /** Writes what was added up; the last thing before a commit. */
  void flush() throws SQLException {
    for (SessionChange change : sessions.values()) {
      change.write(session, knownSession);
    }
    for (var line : totals.entrySet()) {
      Totals.Sums sums = line.getValue();
      total.run(
          line.getKey().model(),
          line.getKey().purpose().label(),
          line.getKey().source().label(),
          sums.attempts(),
          sums.prompt(),
          sums.completion(),
          sums.cached(),
          sums.reasoning(),
          sums.discarded());
    }
    sessions.clear();
    totals.clear();
  }

  /** Forgets what belongs to a transaction that was rolled back; the file is looked at anew. */
  void rolledBack() {
    sessions.clear();
    totals.clear();
    live.clear();
  }

  private void open(RequestStart start) throws SQLException {
    Identity who = start.identity();
    Long seq =
        openRequest.first(
            row -> row.getLong(1),
            start.id(),
            who.id().value(),
            who.parent() == null ? null : who.parent().value(),
            who.agent().label(),
            who.kind().label(),
            start.model(),
            start.stream(),
            start.startedAt().toEpochMilli());
    if (seq == null) {
      return;
    }
    String id = who.id().value();
    long at = start.startedAt().toEpochMilli();
    remember(start.id(), new LiveRequest(seq, id, who.kind(), at, true));
    session(id).opened(start, ++position);
  }

  private void openAttempt(String id, AttemptStart start) throws SQLException {
    LiveRequest of = live(id);
    if (of == null || !of.open) {
      return;
    }
    int opened =
        openAttempt.run(
            of.seq,
            start.number(),
            start.purpose().label(),
            start.model(),
            start.startedAt().toEpochMilli(),
            start.afterMs());
    if (opened > 0) {
      of.opened(start);
      session(of.session).attemptOpened();
    }
  }

  private void mark(String id, int number, Progress progress) throws SQLException {
    LiveRequest of = live(id);
    if (of == null) {
      return;
    }
    Usage usage = progress.usage();
    mark.run(
        usage.prompt(),
        usage.completion(),
        usage.cached(),
        usage.reasoning(),
        progress.bytes(),
        progress.durationMs(),
        progress.tokenSource().label(),
        progress.delivered(),
        of.seq,
        number);
  }

  private void closeAttempt(String id, int number, AttemptEnd end) throws SQLException {
    LiveRequest of = live(id);
    AttemptStart attempt = of == null ? null : of.attempt(number);
    if (of == null || attempt == null) {
      return;
    }
    Usage usage = end.usage();
    closeAttempt.run(
        end.outcome().label(),
        usage.prompt(),
        usage.completion(),
        usage.cached(),
        usage.reasoning(),
        end.bytes(),
        end.durationMs(),
        end.tokenSource().label(),
        end.delivered(),
        end.finishReason() == null ? null : end.finishReason().label(),
        of.seq,
        number);
    of.closed(attempt, end);
    forgetSettled(id, of);
    session(of.session).attemptClosed(attempt.purpose(), end);
    totals.merge(
        new Kind(attempt.model(), attempt.purpose(), end.tokenSource()),
        Totals.Sums.of(end),
        Totals.Sums::plus);
  }

  private void close(String id, RequestEnd end) throws SQLException {
    LiveRequest closing = live(id);
    if (closing == null || !closing.open) {
      return;
    }
    PromptSize prompt = end.prompt();
    Compaction compaction = prompt.compaction();
    closeRequest.run(
        end.outcome().label(),
        end.status(),
        end.finishReason() == null ? null : end.finishReason().label(),
        end.durationMs(),
        end.timeToFirstTokenMs(),
        prompt.original(),
        prompt.sent(),
        prompt.window(),
        compaction == null ? null : compaction.tier().label(),
        compaction == null ? null : compaction.saved(),
        closing.seq);
    closing.open = false;
    forgetSettled(id, closing);
    session(closing.session).closed(closing, end, ++position);
  }

  private SessionChange session(String id) {
    return sessions.computeIfAbsent(id, SessionChange::new);
  }

  private void remember(String id, LiveRequest request) {
    live.put(id, request);
    if (live.size() > MAX_LIVE) {
      live.remove(live.keySet().iterator().next());
    }
  }

  private void forgetSettled(String id, LiveRequest request) {
    if (request.isSettled()) {
      live.remove(id);
    }
  }

  /** The request of that id, from the file if it is not remembered; null when there is none. */
  private @Nullable LiveRequest live(String id) throws SQLException {
    LiveRequest known = live.get(id);
    if (known != null) {
      return known;
    }
    LiveRequest found =
        request.first(
            row ->
                new LiveRequest(
                    row.getLong(1),
                    row.getString(2),
                    Labels.KINDS.of(row.getString(3)),
                    row.getLong(4),
                    row.getString(5) == null),
            id);
    if (found != null) {
      for (AttemptRow attempt : attemptsOf.all(SqliteRows::attempt, found.seq)) {
        found.opened(attempt.start());
        if (attempt.end() != null) {
          found.closed(attempt.start(), attempt.end());
        }
      }
      if (!found.isSettled()) {
        remember(id, found);
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    for (Prepared statement : prepared) {
      statement.close();
    }
  }
}
