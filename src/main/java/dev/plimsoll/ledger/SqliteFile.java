package dev.plimsoll.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Opens the ledger's file.
 *
 * <p>WAL with {@code synchronous=NORMAL}: a commit is a write to the log and no sync, so it
 * survives the end of the process at once, and a power cut only when the system has written it out.
 * What a power cut takes are the last commits; the file stays whole. The log is synced when it is
 * moved into the file, which {@link Store#checkpoint} does while nobody waits.
 */
final class SqliteFile {
  /** A commit writes whole pages, and a row has a tenth of this. */
  private static final int PAGE_BYTES = 1024;

  private static final int BUSY_MILLIS = 250;
  private static final int LOG_LIMIT_BYTES = 16 * 1024 * 1024;

  private final Path path;

  SqliteFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /** For the one who writes. */
  Connection writer() throws SQLException {
    return open(
        false,
        "PRAGMA page_size = " + PAGE_BYTES,
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "PRAGMA wal_autocheckpoint = 0",
        "PRAGMA journal_size_limit = " + LOG_LIMIT_BYTES,
        "PRAGMA cell_size_check = ON");
  }

  /** For those who read, on a snapshot of their own while writing goes on. */
  Connection reader() throws SQLException {
    return open(true, "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON");
  }

  private Connection open(boolean reading, String... pragmas) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
    // SQLITE_OPEN_READWRITE alone: a reader must not make the file.
    settings.setProperty("open_mode", reading ? "2" : "6");
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path, settings);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : pragmas) {
        statement.execute(pragma);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the structure of the file is sound; reads all of it. */
  static boolean isSound(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      return row.next() && "ok".equals(row.getString(1));
    }
  }
}
