package dev.plimsoll.cli;

import static dev.plimsoll.ledger.Rows.attempt;
import static dev.plimsoll.ledger.Rows.begun;
import static dev.plimsoll.ledger.Rows.end;
import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.admin.AdminServer;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.MemoryLedger;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.ledger.Rows;
import dev.plimsoll.session.RequestKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SessionsCommandTest {
  private final MemoryLedger ledger = new MemoryLedger();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private AdminServer server;

  @BeforeEach
  void listen() throws Exception {
    server = new AdminServer(ledger);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void withoutSubcommandItListsTheSessionsInATable() {
    answered("r1", "a", "glm");
    answered("r2", "b", "qwen\u001b[31m");

    assertThat(run("--admin", server.uri().toString())).isZero();

    assertThat(out.toString().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "SESSION +PARENT +AGENT +MODEL +REQUESTS +PROMPT +COMPLETION +WINDOW"
                            + " +USED +LAST SEEN"),
            line -> assertThat(line).startsWith("s_b").contains("qwen?[31m"),
            line ->
                assertThat(line)
                    .matches("s_a +- +crush +glm +1 +1,000 +40 +4,000 +25% +20[0-9-]+ [0-9:]+"));
  }

  @Test
  void showTellsEverythingAboutOneSessionByEitherOfItsIds() {
    answered("r1", "mine", "glm");

    assertThat(run("show", "mine", "--admin", server.uri().toString())).isZero();

    assertThat(out.toString())
        .contains("session      s_mine")
        .contains("client's id  mine (from the header)")
        .contains("1,000 of 4,000 tokens used (25%)")
        .containsPattern("r1 +main +ok +stop +1,000 +40 +0.3 s +1.0 s +main:ok");
  }

  @Test
  void jsonIsPrintedForProgramsAndTheLimitHolds() throws Exception {
    answered("r1", "a", "glm");
    answered("r2", "a", "glm");
    answered("r3", "b", "glm");
    String admin = "--admin=" + server.uri();

    assertThat(run("list", "--json", "--limit", "1", admin)).isZero();
    JsonNode list = new ObjectMapper().readTree(out.toString());
    out.getBuffer().setLength(0);
    assertThat(run("--json", admin, "show", "s_a")).isZero();
    JsonNode shown = new ObjectMapper().readTree(out.toString());

    assertThat(list.path("sessions").findValuesAsText("id")).containsExactly("s_b");
    assertThat(list.path("next").isTextual()).isTrue();
    assertThat(shown.path("session").path("id").textValue()).isEqualTo("s_a");
    assertThat(shown.path("requests").findValuesAsText("id")).containsExactly("r2", "r1");
  }

  @Test
  void anEmptyLedgerAndAnUnknownSessionAreSaidInWords() {
    assertThat(run("--admin", server.uri().toString())).isZero();
    assertThat(out.toString()).startsWith("No session yet");

    assertThat(run("--admin", server.uri().toString(), "show", "s_x/y?z")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("plimsoll: There is no session of this id")
        .hasLineCount(1);
  }

  @Test
  void whenNobodyListensOneLineSaysWhatToDo() throws Exception {
    String free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = "http://127.0.0.1:" + socket.getLocalPort();
    }

    assertThat(run("--admin", free)).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).hasLineCount(1).contains(free, "plimsoll serve", "--admin");
  }

  @Test
  void exportWritesALineForEachAttempt() throws Exception {
    answered("r1", "a", "=glm,1");
    answered("r2", "b", "qwen");
    String admin = "--admin=" + server.uri();

    assertThat(run("export", "--format", "csv", admin)).isZero();
    assertThat(out.toString().lines())
        .hasSize(3)
        .first()
        .asString()
        .startsWith("requestId,sessionId,kind,agent,requestedModel,");
    assertThat(out.toString()).contains("\nr1,s_a,main,crush,\"'=glm,1\",ok,1,main,m:latest,");
    out.getBuffer().setLength(0);
    assertThat(run("export", "--format=jsonl", admin)).isZero();
    JsonNode first = new ObjectMapper().readTree(out.toString().lines().findFirst().orElseThrow());
    assertThat(first.path("requestedModel").asText()).isEqualTo("=glm,1");
    assertThat(first.path("promptTokens").asLong()).isEqualTo(1000);
  }

  @Test
  void wrongOptionsAreBadUsage() {
    assertThat(run("export")).isEqualTo(2);
    assertThat(run("export", "--format", "xml")).isEqualTo(2);
    assertThat(run("--limit", "0")).isEqualTo(2);
    assertThat(run("--limit", "501")).isEqualTo(2);
    assertThat(run("--admin", "localhost")).isEqualTo(2);
    assertThat(run("show")).isEqualTo(2);
    assertThat(err.toString()).contains("--limit must be from 1 to 500.", "--admin must be a URL");
  }

  private int run(String... arguments) {
    return new CommandLine(new SessionsCommand(Map.of()))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private void answered(String id, String client, String model) {
    ledger.open(start(id, client, RequestKind.MAIN, model, Rows.NOON));
    ledger.openAttempt(id, begun(1, Purpose.MAIN));
    ledger.closeAttempt(id, 1, attempt(AttemptOutcome.OK, 1000, 40, true));
    ledger.close(id, end(Outcome.OK));
  }
}
