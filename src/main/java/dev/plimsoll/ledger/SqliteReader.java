package dev.plimsoll.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ledger's file over a connection of its own: each question sees one moment of it,
 * however much is written meanwhile. One question at a time; none reads more than a page.
 */
final class SqliteReader implements AutoCloseable {
  private final SqliteFile file;
  private final Consumer<StoreFault> onFault;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection connection;

  /** A reader that tells {@code onFault} what went wrong, on the thread that asked. */
  SqliteReader(SqliteFile file, Consumer<StoreFault> onFault) {
    this.file = file;
    this.onFault = onFault;
  }

  /** A question. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  <T> T ask(Question<T> question) throws LedgerUnreadable {
    lock.lock();
    try {
      Connection open = connection;
      if (open == null) {
        open = file.reader();
        open.setAutoCommit(false);
        connection = open;
      }
      T answer = question.ask(open);
      open.rollback(); // lets go of the moment that it saw
      return answer;
    } catch (SQLException e) {
      closeConnection();
      StoreFault fault = SqliteFaults.of(e);
      onFault.accept(fault);
      throw new LedgerUnreadable("The ledger cannot be read: " + fault.words());
    } finally {
      lock.unlock();
    }
  }

  private record Placed<T>(long position, T row) {}

  private static <T> Page<T> page(int limit, List<Placed<T>> found) {
    List<Placed<T>> rows = found.size() > limit ? found.subList(0, limit) : found;
    Cursor next = found.size() > limit ? new Cursor(rows.getLast().position()) : null;
    return new Page<>(rows.stream().map(Placed::row).toList(), next);
  }

  private static long before(@Nullable Cursor cursor) {
    return cursor == null ? Long.MAX_VALUE : cursor.position();
  }

  Page<SessionRow> sessions(SessionQuery query) throws LedgerUnreadable {
    boolean all = query.clientId() == null;
    String sql;
    long time = 0;
    switch (query.activity()) {
      case SessionQuery.Activity.Any _ -> sql = all ? ReadSql.SESSIONS : ReadSql.SESSIONS_OF_CLIENT;
      case SessionQuery.Activity.Active(var since) -> {
        sql = all ? ReadSql.ACTIVE_SESSIONS : ReadSql.ACTIVE_SESSIONS_OF_CLIENT;
        time = since.toEpochMilli();
      }
      case SessionQuery.Activity.Idle(var since) -> {
        sql = all ? ReadSql.IDLE_SESSIONS : ReadSql.IDLE_SESSIONS_OF_CLIENT;
        time = since.toEpochMilli();
      }
    }
    List<@Nullable Object> values = new ArrayList<>();
    values.add(before(query.after()));
    values.add(query.limit() + 1);
    values.add(time);
    if (!all) {
      values.add(query.clientId());
    }
    return ask(
        open -> {
          try (Prepared sessions = new Prepared(open, sql)) {
            return page(
                query.limit(),
                sessions.all(
                    row -> new Placed<>(row.getLong("position"), SqliteRows.session(row)),
                    values.toArray()));
          }
        });
  }

  Optional<SessionRow> session(String id) throws LedgerUnreadable {
    return ask(
        open -> {
          try (Prepared session = new Prepared(open, ReadSql.SESSION)) {
            return Optional.ofNullable(session.first(SqliteRows::session, id));
          }
        });
  }

  Page<RequestRow> requests(String session, int limit, @Nullable Cursor after)
      throws LedgerUnreadable {
    return requests(ReadSql.REQUESTS_OF_SESSION, limit, session, before(after), limit + 1);
  }

  Page<RequestRow> all(int limit, @Nullable Cursor after) throws LedgerUnreadable {
    long from = after == null ? 0 : after.position();
    return requests(ReadSql.ALL_REQUESTS, limit, from, limit + 1);
  }

  private Page<RequestRow> requests(String sql, int limit, Object... values)
      throws LedgerUnreadable {
    return ask(
        open -> {
          try (Prepared requests = new Prepared(open, sql);
              Prepared attempts = new Prepared(open, StoreSql.ATTEMPTS_OF)) {
            return page(limit, requests.all(row -> request(row, attempts), values));
          }
        });
  }

  private static Placed<RequestRow> request(ResultSet row, Prepared attempts) throws SQLException {
    long seq = row.getLong("seq");
    return new Placed<>(seq, SqliteRows.request(row, attempts.all(SqliteRows::attempt, seq)));
  }

  Optional<RequestRow> request(String id) throws LedgerUnreadable {
    return ask(
        open -> {
          try (Prepared requests = new Prepared(open, ReadSql.REQUEST_BY_ID);
              Prepared attempts = new Prepared(open, StoreSql.ATTEMPTS_OF)) {
            Placed<RequestRow> found = requests.first(row -> request(row, attempts), id);
            return found == null ? Optional.<RequestRow>empty() : Optional.of(found.row());
          }
        });
  }

  Totals totals() throws LedgerUnreadable {
    return ask(
        open -> {
          try (Prepared totals = new Prepared(open, ReadSql.TOTALS);
              Prepared gaps = new Prepared(open, ReadSql.GAPS)) {
            Totals.Lost lost =
                gaps.first(row -> new Totals.Lost(row.getLong(1), row.getLong(2), row.getLong(3)));
            return Totals.of(
                totals.all(SqliteRows::total), lost == null ? Totals.Lost.NOTHING : lost);
          }
        });
  }

  /** Lets go of the file; the next question opens it anew. */
  @Override
  public void close() {
    lock.lock();
    try {
      closeConnection();
    } finally {
      lock.unlock();
    }
  }

  private void closeConnection() {
    Connection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (SQLException e) {
      // Nothing was written over it.
    }
  }
}
