package dev.plimsoll.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/** A store in an open file of SQLite; each of its tasks is one transaction. */
final class SqliteStore implements Store {
  private final SqliteFile file;
  private final Connection connection;
  private final ChangeWriter writer;

  /** Over a connection to a file that has today's tables; closes it in the end. */
  SqliteStore(SqliteFile file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    connection.setAutoCommit(false);
    this.writer = new ChangeWriter(connection);
    connection.commit();
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

  private void rollback() {
    writer.rolledBack();
    try {
      connection.rollback();
    } catch (SQLException e) {
      // SQLite has done that by itself, or the next write fails, too, and all is opened anew.
    }
  }

  @Override
  public void write(List<Change> changes) throws StoreFault {
    transaction(
        () -> {
          for (Change change : changes) {
            writer.write(change);
          }
          writer.flush();
          return changes.size();
        });
  }

  /** Closes what a process left open that ended without a farewell; the number of requests. */
  int closeInterrupted() throws StoreFault {
    return transaction(
        () -> {
          try (Prepared attempts = new Prepared(connection, StoreSql.INTERRUPTED_ATTEMPTS);
              Prepared requests = new Prepared(connection, StoreSql.INTERRUPTED_REQUESTS)) {
            for (Change change : attempts.all(SqliteStore::interruptedAttempt)) {
              writer.write(change);
            }
            List<Change> open = requests.all(SqliteStore::interruptedRequest);
            for (Change change : open) {
              writer.write(change);
            }
            writer.flush();
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
      writer.close();
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
