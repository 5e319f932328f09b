package dev.plimsoll.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prepared statement with the values for its parameters; values never become part of the SQL.
 *
 * <p>Values are texts, whole numbers, booleans (as 0 and 1) and null.
 */
final class Prepared implements AutoCloseable {
  private final PreparedStatement statement;

  Prepared(Connection connection, String sql) throws SQLException {
    this.statement = connection.prepareStatement(sql);
  }

  /** Makes something of one row. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Runs it and returns the number of rows that it changed. */
  int run(@Nullable Object... values) throws SQLException {
    bind(values);
    return statement.executeUpdate();
  }

  /** The first row, null when there is none. */
  <T> @Nullable T first(Mapper<T> mapper, @Nullable Object... values) throws SQLException {
    bind(values);
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? mapper.map(rows) : null;
    }
  }

  /** All rows; they are few, or the SQL has a limit. */
  <T> List<T> all(Mapper<T> mapper, @Nullable Object... values) throws SQLException {
    bind(values);
    List<T> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  private void bind(@Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case null -> statement.setObject(i + 1, null);
        case String text -> statement.setString(i + 1, text);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Boolean flag -> statement.setInt(i + 1, flag ? 1 : 0);
        default -> throw new IllegalArgumentException("no value for SQL: " + values[i]);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
