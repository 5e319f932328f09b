package dev.plimsoll.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rows of a damaged ledger that can still be read into a new one.
 *
 * <p>First what SQLite itself reads, each table from both ends to the damage; then, where that was
 * not all, what stands in the pages. What can be worked out from other rows is: sessions from their
 * requests, totals from attempts. What is missing then is written down as a gap.
 */
final class Salvage {
  /** The tables with their keys. */
  private static final Map<String, List<String>> TABLES =
      Map.of(
          "request", List.of("seq"),
          "attempt", List.of("request", "number"),
          "session", List.of("id"),
          "total", List.of("model", "purpose", "source"),
          "gap", List.of("id"));

  /** Columns that came behind those of the first version; a row without them has 0 there. */
  private static final Map<String, Integer> ADDED = Map.of("request", 1);

  private final Connection to;
  private final Instant now;

  /** A salvage into a new file with today's tables; it does not close it. */
  Salvage(Connection to, Instant now) {
    this.to = to;
    this.now = now;
  }

  /**
   * What was copied.
   *
   * @param requests that are in the new file
   * @param attempts that are in the new file
   * @param lost requests that are known to be missing; at the end of the file there may be more
   */
  record Salvaged(long requests, long attempts, long lost) {}

  Salvaged from(SqliteFile damaged) throws SQLException, IOException {
    to.setAutoCommit(false);
    if (!isAllInTables(damaged)) {
      copyPages(damaged);
    }
    return settle();
  }

  private boolean isAllInTables(SqliteFile damaged) throws SQLException {
    try (Connection from = opened(damaged)) {
      boolean all = true;
      for (var table : TABLES.entrySet()) {
        all &= isWhole(from, table.getKey(), table.getValue());
        to.commit();
      }
      return all;
    } catch (Unreadable e) {
      return false;
    }
  }

  private static Connection opened(SqliteFile damaged) throws Unreadable {
    try {
      return damaged.salvager();
    } catch (SQLException e) {
      throw new Unreadable();
    }
  }

  private boolean isWhole(Connection from, String table, List<String> key) throws SQLException {
    String forwards = " ORDER BY " + String.join(", ", key);
    String backwards = " ORDER BY " + String.join(" DESC, ", key) + " DESC";
    try (Insert insert = new Insert(table)) {
      String all = "SELECT * FROM " + table;
      return insert.isWhole(from, all + forwards) || insert.isWhole(from, all + backwards);
    }
  }

  /**
   * No two tables or indexes of a ledger have the same number of columns, but for the narrowest, in
   * whichever version.
   */
  private void copyPages(SqliteFile damaged) throws IOException, SQLException {
    List<Insert> inserts = new ArrayList<>();
    try (DatabasePages pages = new DatabasePages(damaged.path(), SqliteFile.PAGE_BYTES)) {
      for (String table : TABLES.keySet()) {
        inserts.add(new Insert(table));
      }
      new LeafRows(pages, SqliteFile.PAGE_BYTES)
          .<SQLException>each(
              row -> {
                for (Insert insert : inserts) {
                  if (insert.takes(row.size())) {
                    insert.write(row);
                  }
                }
              });
      to.commit();
    } finally {
      for (Insert insert : inserts) {
        insert.close();
      }
    }
  }

  /** Makes the new file agree with itself, and writes down what is missing. */
  private Salvaged settle() throws SQLException {
    try (Prepared orphans = new Prepared(to, SalvageSql.FORGET_ORPHANS);
        Prepared sessions = new Prepared(to, SalvageSql.REBUILD_SESSIONS);
        Prepared settle = new Prepared(to, SalvageSql.SETTLE);
        Prepared running = new Prepared(to, SalvageSql.COUNT_RUNNING);
        Prepared totals = new Prepared(to, SalvageSql.REBUILD_TOTALS);
        Prepared counts = new Prepared(to, SalvageSql.COUNTS);
        Prepared gap = new Prepared(to, StoreSql.GAP)) {
      int orphaned = orphans.run();
      settle.run();
      sessions.run();
      running.run();
      totals.run();
      Salvaged salvaged =
          counts.first(row -> new Salvaged(row.getLong(1), row.getLong(2), row.getLong(3)));
      if (salvaged == null) {
        throw new IllegalStateException("counts have no row");
      }
      long at = now.toEpochMilli();
      gap.run(now + "#0", Change.Cause.DAMAGE.label(), at, at, salvaged.lost(), orphaned, 0);
      to.commit();
      return salvaged;
    }
  }

  /** Writes rows of one table as they are, unless their key is there or the table refuses them. */
  private final class Insert implements AutoCloseable {
    private final int columns;

    /** How many the rows have that were written by the first version of the tables. */
    private final int fewest;

    private final PreparedStatement write;

    Insert(String table) throws SQLException {
      try (PreparedStatement any = to.prepareStatement("SELECT * FROM " + table)) {
        columns = any.getMetaData().getColumnCount();
      }
      fewest = columns - ADDED.getOrDefault(table, 0);
      String places = "?" + ", ?".repeat(columns - 1);
      write = to.prepareStatement("INSERT OR IGNORE INTO " + table + " VALUES (" + places + ")");
    }

    boolean takes(int size) {
      return size >= fewest && size <= columns;
    }

    /** Copies what the query gives; false when it breaks off before its end. */
    boolean isWhole(Connection from, String query) throws SQLException {
      try (PreparedStatement read = prepared(from, query);
          ResultSet rows = asked(read)) {
        for (List<@Nullable Object> row = next(rows); row != null; row = next(rows)) {
          write(row);
        }
        return true;
      } catch (Unreadable e) {
        return false;
      }
    }

    private PreparedStatement prepared(Connection from, String query) throws Unreadable {
      try {
        return from.prepareStatement(query);
      } catch (SQLException e) {
        throw new Unreadable();
      }
    }

    private ResultSet asked(PreparedStatement read) throws Unreadable {
      try {
        return read.executeQuery();
      } catch (SQLException e) {
        throw new Unreadable();
      }
    }

    private @Nullable List<@Nullable Object> next(ResultSet rows) throws Unreadable {
      try {
        if (!rows.next()) {
          return null;
        }
        List<@Nullable Object> values = new ArrayList<>(columns);
        int there = Math.min(columns, rows.getMetaData().getColumnCount());
        for (int i = 1; i <= there; i++) {
          values.add(rows.getObject(i));
        }
        return values;
      } catch (SQLException e) {
        throw new Unreadable();
      }
    }

    void write(List<@Nullable Object> row) throws SQLException {
      for (int i = 0; i < columns; i++) {
        write.setObject(i + 1, i < row.size() ? row.get(i) : (Integer) 0);
      }
      try {
        write.executeUpdate();
      } catch (SQLException e) {
        if (!SqliteFaults.of(e).ofItsRows()) {
          throw e;
        }
      }
    }

    @Override
    public void close() throws SQLException {
      write.close();
    }
  }

  /** The damage was reached. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super(null, null, false, false);
    }
  }
}
