package dev.plimsoll.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.chat.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a ledger is opened: whose file it is, which version, and what was left open in it. */
class OpeningTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("data").resolve("ledger.db");
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void rowsSurviveAndNumbersGoOn() throws Exception {
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      LedgerFile.answered(ledger, "r0", "a");
      LedgerFile.answered(ledger, "r1", "b");
    }
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      LedgerFile.answered(ledger, "r2", "a");
      LedgerFile.settle(ledger);

      assertThat(LedgerFile.ids(ledger)).containsExactly("r0", "r1", "r2");
      assertThat(ledger.sessions(SessionQuery.newest(9)).rows())
          .extracting(row -> row.id().value())
          .containsExactly("s_a", "s_b");
    }
    assertThat(file.resolveSibling("ledger.db-wal")).doesNotExist();
  }

  @Test
  void aSecondPlimsollIsRefusedAndTheFirstGoesOn() throws Exception {
    try (SqliteLedger first = LedgerFile.open(file)) {
      assertThatThrownBy(() -> LedgerFile.open(file))
          .isInstanceOf(LedgerRefused.class)
          .hasMessageContaining("another Plimsoll (process " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("store.path");

      LedgerFile.answered(first, "r0", "a");
      LedgerFile.settle(first);
      assertThat(LedgerFile.ids(first)).containsExactly("r0");
    }
    LedgerFile.open(file).close();
  }

  @Test
  void aNewerFileIsRefusedAndLeftAsItIs() throws Exception {
    LedgerFile.open(file).close();
    sql("PRAGMA user_version = 99");
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> LedgerFile.open(file))
        .isInstanceOf(LedgerRefused.class)
        .hasMessageContaining("newer Plimsoll (version 99")
        .hasMessageContaining("store.path");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aDatabaseOfSomebodyElseIsRefused() throws Exception {
    Files.createDirectories(file.getParent());
    sql("CREATE TABLE recipe (name TEXT)");

    assertThatThrownBy(() -> LedgerFile.open(file))
        .isInstanceOf(LedgerRefused.class)
        .hasMessageContaining("some other program");
  }

  @Test
  void stepsLeadFromEachVersionToTheNext() throws Exception {
    LedgerFile.open(file).close();
    Schema next =
        new Schema(
            List.of(
                "CREATE TABLE unused (x)",
                "CREATE TABLE unused (y)",
                "ALTER TABLE request ADD COLUMN note TEXT; -- a made-up third version; really\n"
                    + "UPDATE request SET note = 'old'"));
    try (Connection connection = new SqliteFile(file).writer();
        Statement statement = connection.createStatement()) {
      next.apply(connection, file);

      statement.executeQuery("SELECT note FROM request").close();
      assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isEqualTo(3);
    }
  }

  /** Two requests of the first version's tables: one answered, one under way. */
  private void firstVersion() throws Exception {
    Files.createDirectories(file.getParent());
    try (Connection connection = new SqliteFile(file).writer()) {
      Schema.CURRENT.first(1).apply(connection, file);
    }
    String session =
        "INSERT INTO session (id, source, position, agent, started_ms, last_seen_ms, running,"
            + " requests, attempts) VALUES ('s_1', 'content', 2, 'crush', 1, 2, 1, 2, 2)";
    String request =
        "INSERT INTO request (seq, id, session, agent, kind, model, stream, started_ms, outcome,"
            + " status, duration_ms) VALUES (%d, '%s', 's_1', 'crush', 'main', 'm', 1, %d, %s)";
    String attempt =
        "INSERT INTO attempt (request, number, purpose, model, started_ms, after_ms, outcome)"
            + " VALUES (%d, 1, 'main', 'm', 1, 0, %s)";
    sql(
        session,
        request.formatted(1, "r_done", 1, "'ok', 200, 5"),
        request.formatted(2, "r_open", 2, "NULL, NULL, NULL"),
        attempt.formatted(1, "'ok'"),
        attempt.formatted(2, "NULL"));
  }

  @Test
  void aFileOfTheFirstVersionIsTakenOver() throws Exception {
    firstVersion();
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      LedgerFile.answered(ledger, "r_new", "a");
      LedgerFile.settle(ledger);

      assertThat(LedgerFile.ids(ledger)).containsExactly("r_done", "r_open", "r_new");
      assertThat(ledger.request("r_done").orElseThrow().end()).isNotNull();
      assertThat(ledger.request("r_open").map(RequestRow::end).map(RequestEnd::outcome))
          .contains(Outcome.INTERRUPTED);
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).noneMatch(path -> path.toString().contains("broken"));
    }
  }

  @Test
  void rowsOfTheFirstVersionAreSalvaged() throws Exception {
    firstVersion();
    sql("PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'gap'");
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      assertThat(LedgerFile.ids(ledger)).containsExactly("r_done", "r_open");
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).anyMatch(path -> path.toString().contains("broken"));
    }
  }

  @Test
  void aStepThatFailsChangesNothing() throws Exception {
    LedgerFile.open(file).close();
    Schema broken = new Schema(List.of("", "", "DELETE FROM total; SELECT * FROM nowhere"));
    try (Connection connection = new SqliteFile(file).writer()) {
      assertThatThrownBy(() -> broken.apply(connection, file)).isInstanceOf(SQLException.class);
    }
    LedgerFile.open(file).close();
  }

  @Test
  void whatAKilledProcessLeftOpenIsClosedWithWhatWasMarked() throws Exception {
    Path copy = folder.resolve("killed").resolve("ledger.db");
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      LedgerFile.answered(ledger, "done", "a");
      LedgerFile.asked(ledger, "marked", "a");
      ledger.mark(
          "marked",
          1,
          new Progress(new Usage(1000, 256, 0, 7), TokenSource.ESTIMATED, true, 4000, 9000));
      LedgerFile.asked(ledger, "silent", "b");
      LedgerFile.settle(ledger);
      // As the file is now, so a killed process would leave it.
      Files.createDirectories(copy.getParent());
      for (String part : List.of("", "-wal")) {
        Files.copy(
            file.resolveSibling(file.getFileName() + part),
            copy.resolveSibling(copy.getFileName() + part));
      }
    }
    try (SqliteLedger ledger = LedgerFile.open(copy)) {
      RequestRow marked = ledger.request("marked").orElseThrow();
      AttemptEnd end = marked.attempts().getFirst().end();
      assertThat(end)
          .isEqualTo(
              new AttemptEnd(
                  AttemptOutcome.INTERRUPTED,
                  new Usage(1000, 256, 0, 7),
                  TokenSource.ESTIMATED,
                  true,
                  4000,
                  9000,
                  null));
      assertThat(marked.end())
          .isEqualTo(
              new RequestEnd(
                  RequestEnd.NO_STATUS, Outcome.INTERRUPTED, null, 4003, null, PromptSize.UNKNOWN));
      assertThat(LedgerFile.all(ledger)).allSatisfy(row -> assertThat(row.end()).isNotNull());
      assertThat(ledger.session("s_a").orElseThrow().running()).isZero();
      assertThat(ledger.session("s_a").orElseThrow().sums().tokens().completion())
          .isEqualTo(10 + 256);
      assertThat(ledger.totals().sum().attempts()).isEqualTo(3);
      assertThat(ledger.totals().sum().prompt()).isEqualTo(1100);
    }
  }

  @Test
  void theFileIsForItsOwnerAlone() throws Exception {
    LedgerFile.open(file).close();
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(file.getParent())).hasSize(3);
  }
}
