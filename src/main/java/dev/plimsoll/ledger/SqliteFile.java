package dev.plimsoll.ledger;

import java.io.IOException;
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
  static final int PAGE_BYTES = 1024;

  private static final int BUSY_MILLIS = 250;
  private static final int LOG_LIMIT_BYTES = 16 * 1024 * 1024;

  /** SQLite's flags for opening; a reader needs WRITE for the log's index, and makes no file. */
  private static final String READ = "1";

  private static final String WRITE = "2";
  private static final String CREATE = "6";

  private final Path path;

  SqliteFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /** For the one who writes; makes the file where it is missing. */
  Connection writer() throws SQLException {
    try {
      OwnerOnly.file(path);
    } catch (IOException e) {
      // SQLite will find the same obstacle, and has a code for it.
    }
    return open(
        CREATE,
        "PRAGMA page_size = " + PAGE_BYTES,
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "PRAGMA wal_autocheckpoint = 0",
        "PRAGMA journal_size_limit = " + LOG_LIMIT_BYTES,
        "PRAGMA cell_size_check = ON");
  }

  /** For those who read, on a snapshot of their own while writing goes on. */
  Connection reader() throws SQLException {
    return open(WRITE, "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON");
  }

  /** For reading what is left of a damaged file, which is not changed by that. */
  Connection salvager() throws SQLException {
    // With this SQLite also opens a file that is shorter than its head says.
    return open(READ, "PRAGMA writable_schema = ON");
  }

  private Connection open(String mode, String... pragmas) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
    settings.setProperty("open_mode", mode);
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
