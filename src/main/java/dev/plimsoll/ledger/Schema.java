package dev.plimsoll.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of the ledger's file and their versions.
 *
 * <p>Version N is made from version N − 1 by the resource {@code schema-N.sql}, all in one
 * transaction. The file says its version in {@code user_version}, and that it is a ledger at all in
 * {@code application_id}.
 */
final class Schema {
  /** "Plim" in ASCII. */
  static final int APPLICATION = 0x506c696d;

  /** The steps from an empty file to today's; the number of steps is the version. */
  static final Schema CURRENT =
      new Schema(List.of(resource("schema-1.sql"), resource("schema-2.sql")));

  private final List<String> steps;

  Schema(List<String> steps) {
    this.steps = List.copyOf(steps);
  }

  /** The tables as an earlier version made them. */
  Schema first(int versions) {
    return new Schema(steps.subList(0, versions));
  }

  int version() {
    return steps.size();
  }

  /** Brings a file to this version, or refuses it because it is not this program's to change. */
  void apply(Connection connection, Path file) throws SQLException, LedgerRefused, StoreFault {
    int version = number(connection, "PRAGMA user_version");
    if (version == steps.size()) {
      return;
    }
    if (version > steps.size()) {
      throw new LedgerRefused(
          "the ledger %s was written by a newer Plimsoll (version %d of its tables; this one knows %d): start that Plimsoll, or give this one another file with --set store.path=FILE."
              .formatted(file, version, steps.size()));
    }
    if (version < 1) {
      expectNoTables(connection, file);
    }
    for (int next = Math.max(0, version) + 1; next <= steps.size(); next++) {
      step(connection, next);
    }
    // The first page tells whose file this is, also when the log gets lost.
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  /** Whether the tables are word by word those that this version makes. */
  boolean isIntact(Connection connection) throws SQLException {
    try (Connection fresh = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      for (int next = 1; next <= steps.size(); next++) {
        step(fresh, next);
      }
      return tables(fresh).equals(tables(connection));
    }
  }

  private static List<String> tables(Connection connection) throws SQLException {
    try (Prepared all =
        new Prepared(
            connection, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")) {
      return all.all(
          row ->
              String.join(
                  "|",
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  String.valueOf(row.getString(4))));
    }
  }

  private static void expectNoTables(Connection connection, Path file)
      throws SQLException, LedgerRefused, StoreFault {
    if (number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
      if (number(connection, "PRAGMA application_id") == APPLICATION) {
        throw StoreFault.ofStore(WriteFault.CORRUPT, "it has tables and no version");
      }
      throw new LedgerRefused(
          "%s is a database of some other program: give Plimsoll a file of its own with --set store.path=FILE."
              .formatted(file));
    }
  }

  private void step(Connection connection, int next) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (String sql : statements(steps.get(next - 1))) {
        statement.execute(sql);
      }
      statement.execute("PRAGMA application_id = " + APPLICATION);
      statement.execute("PRAGMA user_version = " + next);
      statement.execute("COMMIT");
    }
  }

  /** Comments go first: one of them may hold a semicolon. */
  private static List<String> statements(String script) {
    List<String> found = new ArrayList<>();
    for (String sql : script.replaceAll("--[^\n]*", "").split(";", -1)) {
      if (!sql.isBlank()) {
        found.add(sql.strip());
      }
    }
    return found;
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static String resource(String name) {
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
