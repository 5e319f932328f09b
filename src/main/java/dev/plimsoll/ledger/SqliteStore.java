package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.SessionId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes into the tables of an open file. Every statement leaves alone what is already as
 * it would make it: closed rows stay closed, and sums grow only when a row really closes.
 */
final class SqliteStore implements Store {
  private final SqliteFile file;
  private final Connection connection;
  private final List<Prepared> prepared = new ArrayList<>();
  private final Prepared openRequest;
  private final Prepared openInSession;
  private final Prepared openAttempt;
  private final Prepared attemptInSession;
  private final Prepared mark;
  private final Prepared closeAttempt;
  private final Prepared tokensInSession;
  private final Prepared tokensInTotal;
  private final Prepared closeRequest;
  private final Prepared attemptsOf;
  private final Prepared closeInSession;
  private final Prepared gap;
  private long position;

  /** Over a connection to a file that has today's tables; closes it in the end. */
  SqliteStore(SqliteFile file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    connection.setAutoCommit(false);
    openRequest = prepare(StoreSql.OPEN_REQUEST);
    openInSession = prepare(StoreSql.OPEN_IN_SESSION);
    openAttempt = prepare(StoreSql.OPEN_ATTEMPT);
    attemptInSession = prepare(StoreSql.ATTEMPT_IN_SESSION);
    mark = prepare(StoreSql.MARK);
    closeAttempt = prepare(StoreSql.CLOSE_ATTEMPT);
    tokensInSession = prepare(StoreSql.TOKENS_IN_SESSION);
    tokensInTotal = prepare(StoreSql.TOKENS_IN_TOTAL);
    closeRequest = prepare(StoreSql.CLOSE_REQUEST);
    attemptsOf = prepare(StoreSql.ATTEMPTS_OF);
    closeInSession = prepare(StoreSql.CLOSE_IN_SESSION);
    gap = prepare(StoreSql.GAP);
    try (Prepared last = new Prepared(connection, StoreSql.LAST_POSITION)) {
      Long found = last.first(row -> row.getLong(1));
      position = found == null ? 0 : found;
    }
    connection.commit();
  }

  private Prepared prepare(String sql) throws SQLException {
    Prepared made = new Prepared(connection, sql);
    prepared.add(made);
    return made;
  }

  /** Some statements that are one transaction. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T transaction(Work<T> work) throws StoreFault {
    try {
      T result = work.run();
      connection.commit();
      return result;
    } catch (SQLException e) {
      rollback();
      throw SqliteFaults.of(e);
    } catch (RuntimeException e) {
      rollback();
      throw StoreFault.ofItsRows("a bug: " + e);
    }
  }

  /** A transaction that SQLite has rolled back by itself cannot be rolled back again. */
  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      try (Statement begin = connection.createStatement()) {
        begin.execute("BEGIN");
      } catch (SQLException ignored) {
        // The next write tells, and the store is opened anew.
      }
    }
  }

  @Override
  public void write(List<Change> changes) throws StoreFault {
    transaction(
        () -> {
          for (Change change : changes) {
            write(change);
          }
          return changes.size();
        });
  }

  private void write(Change change) throws SQLException {
    switch (change) {
      case Change.Opened(var start) -> open(start);
      case Change.AttemptOpened(var request, var start) -> openAttempt(request, start);
      case Change.Marked(var request, int number, var progress) -> mark(request, number, progress);
      case Change.AttemptClosed(var request, int number, var end) ->
          closeAttempt(request, number, end);
      case Change.Closed(var request, var end) -> close(request, end);
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

  private void open(RequestStart start) throws SQLException {
    Identity who = start.identity();
    SessionId session = who.id();
    String parent = who.parent() == null ? null : who.parent().value();
    long at = start.startedAt().toEpochMilli();
    int opened =
        openRequest.run(
            start.id(),
            session.value(),
            parent,
            who.agent().label(),
            who.kind().label(),
            start.model(),
            start.stream(),
            at);
    if (opened == 0) {
      return;
    }
    // A small model may write the titles; a session without turns shows what else it asked.
    openInSession.run(
        session.value(),
        session.source().label(),
        session.clientId(),
        ++position,
        parent,
        who.agent().label(),
        who.kind().isTurn() ? start.model() : null,
        who.kind() == RequestKind.OTHER ? start.model() : null,
        at);
  }

  private void openAttempt(String request, AttemptStart start) throws SQLException {
    int opened =
        openAttempt.run(
            start.number(),
            start.purpose().label(),
            start.model(),
            start.startedAt().toEpochMilli(),
            start.afterMs(),
            request);
    if (opened > 0) {
      attemptInSession.run(request);
    }
  }

  private void mark(String request, int number, Progress progress) throws SQLException {
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
        request,
        number);
  }

  /** What an attempt's row says about where its tokens belong. */
  private record Owner(Purpose purpose, String model, @Nullable String session) {}

  private void closeAttempt(String request, int number, AttemptEnd end) throws SQLException {
    Usage usage = end.usage();
    Owner owner =
        closeAttempt.first(
            row ->
                new Owner(Labels.PURPOSES.of(row.getString(1)), row.getString(2), row.getString(3)),
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
            request,
            number);
    if (owner == null) {
      return;
    }
    TokenSums more = TokenSums.ZERO.plus(owner.purpose(), end);
    tokensInSession.run(
        more.prompt(),
        more.completion(),
        more.reasoning(),
        more.cached(),
        more.compaction(),
        more.discarded(),
        owner.session());
    Totals.Sums sums = Totals.Sums.of(end);
    tokensInTotal.run(
        owner.model(),
        owner.purpose().label(),
        end.tokenSource().label(),
        sums.attempts(),
        sums.prompt(),
        sums.completion(),
        sums.cached(),
        sums.reasoning(),
        sums.discarded());
  }

  /** What a request's row says once it is closed. */
  private record Request(long seq, String session, RequestKind kind, long startedMs) {}

  private void close(String id, RequestEnd end) throws SQLException {
    PromptSize prompt = end.prompt();
    Compaction compaction = prompt.compaction();
    Request request =
        closeRequest.first(
            row ->
                new Request(
                    row.getLong(1),
                    row.getString(2),
                    Labels.KINDS.of(row.getString(3)),
                    row.getLong(4)),
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
            id);
    if (request == null) {
      return;
    }
    List<AttemptRow> attempts = attemptsOf.all(SqliteRows::attempt, request.seq());
    boolean recovery = RequestRow.recoveryAttempted(attempts);
    boolean turn = request.kind().isTurn();
    closeInSession.run(
        ++position,
        request.startedMs() + end.durationMs(),
        turn ? prompt.window() : null,
        turn ? ContextFill.lastPrompt(attempts, prompt) : null,
        compaction == null ? 0 : 1,
        compaction == null ? 0 : compaction.saved(),
        recovery,
        recovery && end.outcome() == Outcome.OK,
        request.session());
  }

  /** Closes what a process left open that ended without a farewell; the number of requests. */
  int closeInterrupted() throws StoreFault {
    return transaction(
        () -> {
          try (Prepared attempts = new Prepared(connection, StoreSql.INTERRUPTED_ATTEMPTS);
              Prepared requests = new Prepared(connection, StoreSql.INTERRUPTED_REQUESTS)) {
            for (Change change : attempts.all(SqliteStore::interruptedAttempt)) {
              write(change);
            }
            List<Change> open = requests.all(SqliteStore::interruptedRequest);
            for (Change change : open) {
              write(change);
            }
            return open.size();
          }
        });
  }

  private static Change interruptedAttempt(ResultSet row) throws SQLException {
    AttemptRow attempt = SqliteRows.attempt(row);
    return new Change.AttemptClosed(
        row.getString("id"),
        attempt.number(),
        AttemptEnd.of(AttemptOutcome.INTERRUPTED, attempt.progress()));
  }

  private static Change interruptedRequest(ResultSet row) throws SQLException {
    return new Change.Closed(
        row.getString("id"),
        new RequestEnd(
            RequestEnd.NO_STATUS,
            Outcome.INTERRUPTED,
            null,
            row.getLong("lasted"),
            null,
            PromptSize.UNKNOWN));
  }

  @Override
  public boolean retire(Instant before, int limit) throws StoreFault {
    return transaction(
        () -> {
          try (Prepared old = new Prepared(connection, StoreSql.OLD_REQUESTS);
              Prepared itsAttempts = new Prepared(connection, StoreSql.FORGET_ATTEMPTS);
              Prepared request = new Prepared(connection, StoreSql.FORGET_REQUEST);
              Prepared sessions = new Prepared(connection, StoreSql.FORGET_SESSIONS)) {
            List<Long> found = old.all(row -> row.getLong(1), before.toEpochMilli(), limit);
            for (long seq : found) {
              itsAttempts.run(seq);
              request.run(seq);
            }
            int gone = sessions.run(before.toEpochMilli(), limit, limit);
            return found.size() == limit || gone == limit;
          }
        });
  }

  @Override
  public void checkpoint() throws StoreFault {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (SQLException e) {
      throw SqliteFaults.of(e);
    }
  }

  /** Sets something of the connection, so that tests can have SQLite itself fail. */
  void pragma(String setting) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + setting);
    }
  }

  @Override
  public void check() throws StoreFault {
    // Over a connection of its own: this one may still have the pages as they were.
    try (Connection fresh = file.reader()) {
      if (!SqliteFile.isSound(fresh)) {
        throw StoreFault.ofStore(WriteFault.CORRUPT, "its structure is not sound");
      }
    } catch (SQLException e) {
      throw SqliteFaults.of(e);
    }
  }

  @Override
  public void close() {
    try {
      for (Prepared statement : prepared) {
        statement.close();
      }
      connection.rollback();
    } catch (SQLException e) {
      // What was open is lost with the connection, and closing that is what counts.
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // The file is left as it is; the next start finds it so.
    }
  }
}
