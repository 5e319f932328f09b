package dev.plimsoll.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is asked of a large ledger is found by indexes: the cost does not grow with the file. */
class QueryPlanTest {
  private static final int REQUESTS = 300_000;
  private static final int SESSIONS = 20_000;

  /**
   * Everything but the exports and sums, which read what they give, and the batches by position.
   */
  static final List<String> QUERIES =
      List.of(
          ReadSql.SESSION,
          ReadSql.SESSIONS,
          ReadSql.IDLE_SESSIONS,
          ReadSql.REQUEST_BY_ID,
          ReadSql.REQUESTS_OF_SESSION,
          ReadSql.ALL_REQUESTS,
          StoreSql.OPEN_REQUEST,
          StoreSql.OPEN_ATTEMPT,
          StoreSql.MARK,
          StoreSql.CLOSE_ATTEMPT,
          StoreSql.CLOSE_REQUEST,
          StoreSql.REQUEST,
          StoreSql.ATTEMPTS_OF,
          StoreSql.SESSION,
          StoreSql.KNOWN_SESSION,
          StoreSql.TOTAL,
          StoreSql.LAST_POSITION,
          StoreSql.INTERRUPTED_ATTEMPTS,
          StoreSql.INTERRUPTED_REQUESTS,
          StoreSql.OLD_REQUESTS,
          StoreSql.FORGET_ATTEMPTS,
          StoreSql.FORGET_REQUEST);

  static final List<String> OF_CLIENT =
      List.of(
          ReadSql.SESSIONS_OF_CLIENT,
          ReadSql.ACTIVE_SESSIONS_OF_CLIENT,
          ReadSql.IDLE_SESSIONS_OF_CLIENT);

  @TempDir static Path folder;
  private static Path file = Path.of("");

  @BeforeAll
  static void fill() throws Exception {
    file = folder.resolve("large.db");
    try (Connection connection = new SqliteFile(file).writer();
        Statement statement = connection.createStatement()) {
      Schema.CURRENT.apply(connection, file);
      statement.execute(
          """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO session (id, source, client_id, position, agent, started_ms, last_seen_ms)
          SELECT printf('s_%%016x', i), 'header', 'c' || i, i, 'crush', i, i FROM n
          """
              .formatted(SESSIONS));
      statement.execute(
          """
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO request (seq, id, session, agent, kind, model, stream, started_ms, outcome)
          SELECT i, printf('req_%%024x', i), printf('s_%%016x', 1 + i %% %d), 'crush', 'main', 'm',
            1, i, 'ok' FROM n
          """
              .formatted(REQUESTS, SESSIONS));
      statement.execute(
          """
          INSERT INTO attempt (request, number, purpose, model, started_ms, after_ms, outcome)
          SELECT seq, 1, 'main', 'm', seq, 0, 'ok' FROM request
          """);
    }
  }

  private static List<String> plan(String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Connection connection = new SqliteFile(file).reader();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
        var rows = explain.executeQuery()) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    }
    return steps;
  }

  @ParameterizedTest
  @FieldSource("QUERIES")
  void noTableIsReadFromEndToEnd(String sql) throws Exception {
    assertThat(plan(sql))
        .noneMatch(
            step ->
                step.startsWith("SCAN") && !step.contains("INDEX") && !step.contains("CONSTANT"))
        .noneMatch(step -> step.contains("TEMP B-TREE"))
        .noneMatch(step -> step.contains("AUTOMATIC"));
  }

  @Test
  void activeSessionsAreSortedButFew() throws Exception {
    assertThat(plan(ReadSql.ACTIVE_SESSIONS))
        .anyMatch(step -> step.contains("request_open"))
        .anyMatch(step -> step.contains("session_by_position"));
  }

  @ParameterizedTest
  @FieldSource("OF_CLIENT")
  void theSessionsOfAClientAreSortedButFew(String sql) throws Exception {
    assertThat(plan(sql)).first().asString().contains("INDEX session_by_client (client_id=?)");
  }

  @Test
  void pagesAreTheRightOnes() throws Exception {
    try (SqliteLedger ledger = LedgerFile.open(file)) {
      Page<RequestRow> page = ledger.requests("s_%016x".formatted(7), 10, null);
      assertThat(page.rows()).hasSize(10);
      assertThat(page.next()).isNotNull();
      assertThat(ledger.requests("s_%016x".formatted(7), 10, page.next()).rows()).hasSize(5);
      assertThat(ledger.all(500, new Cursor(REQUESTS - 3)).rows()).hasSize(3);
    }
  }
}
