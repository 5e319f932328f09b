package dev.plimsoll.admin;

import static dev.plimsoll.ledger.Rows.NOON;
import static dev.plimsoll.ledger.Rows.attempt;
import static dev.plimsoll.ledger.Rows.begun;
import static dev.plimsoll.ledger.Rows.end;
import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Compaction;
import dev.plimsoll.ledger.CompactionTier;
import dev.plimsoll.ledger.MemoryLedger;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.PromptSize;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.session.RequestKind;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MemoryLedger ledger = new MemoryLedger();
  private final HttpClient http = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void listen() throws Exception {
    server = new AdminServer(ledger);
  }

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  @Test
  void aSessionHasExactlyThePromisedForm() throws Exception {
    answered("r1", "ses_\"1", null);

    assertThat(get("/api/v1/sessions/s_ses_%221", 200))
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"s_ses_\\"1","clientId":"ses_\\"1","source":"header","parent":null,
                 "agent":"crush","model":"m","startedAt":"2026-11-24T12:00:00Z",
                 "lastSeenAt":"2026-11-24T12:00:01Z","requests":1,"attempts":2,
                 "tokens":{"prompt":1000,"completion":40,"reasoning":20,"cached":500,
                           "compaction":0,"discarded":1010,"total":2050},
                 "context":{"window":4000,"lastPrompt":1000,"utilization":0.2500},
                 "compactions":0,"tokensSaved":0,"recoveries":{"attempted":1,"recovered":1}}
                """));
  }

  @Test
  void aRequestHasExactlyThePromisedForm() throws Exception {
    answered("r1", "a", new Compaction(CompactionTier.MASKED, 200));

    JsonNode request = get("/api/v1/requests/r1", 200);

    assertThat(request)
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"r1","sessionId":"s_a","kind":"main","model":"m","stream":true,
                 "startedAt":"2026-11-24T12:00:00Z","durationMs":1000,"timeToFirstTokenMs":300,
                 "status":200,"outcome":"ok","finishReason":"stop",
                 "tokens":{"original":1200,"sent":1000,"completion":40,"reasoning":20},
                 "compaction":{"tier":"masked","saved":200},
                 "attempts":[
                  {"number":1,"purpose":"main","outcome":"stream_cut","promptTokens":1000,
                   "completionTokens":10,"tokenSource":"upstream","durationMs":250},
                  {"number":2,"purpose":"retry","outcome":"ok","promptTokens":1000,
                   "completionTokens":40,"tokenSource":"upstream","durationMs":250}]}
                """));
    assertThat(get("/api/v1/sessions/s_a/requests", 200).path("requests").get(0))
        .isEqualTo(request);
  }

  @Test
  void aRunningRequestHasNullsForWhatIsNotKnown() throws Exception {
    ledger.open(start("r1", "a", RequestKind.TITLE));
    ledger.openAttempt("r1", begun(1, Purpose.MAIN));

    JsonNode request = get("/api/v1/requests/r1", 200);
    JsonNode session = get("/api/v1/sessions/s_a", 200);

    assertThat(request.get("outcome").isNull()).isTrue();
    assertThat(request.get("compaction").isNull()).isTrue();
    assertThat(request.get("attempts").get(0).get("tokenSource").isNull()).isTrue();
    assertThat(session.get("model").isNull()).isTrue();
    assertThat(session.get("context").get("utilization").isNull()).isTrue();
  }

  @Test
  void theTotalsHaveExactlyThePromisedForm() throws Exception {
    answered("r1", "a", null);

    assertThat(get("/api/v1/totals", 200))
        .isEqualTo(
            JSON.readTree(
                """
                {"sum":{"attempts":2,"prompt":2000,"completion":50,"cached":1000,"reasoning":25,
                        "discarded":1010,"total":2050},
                 "lines":[
                  {"model":"m:latest","purpose":"retry","tokenSource":"upstream","attempts":1,
                   "prompt":1000,"completion":40,"cached":500,"reasoning":20,"discarded":0,
                   "total":1040},
                  {"model":"m:latest","purpose":"main","tokenSource":"upstream","attempts":1,
                   "prompt":1000,"completion":10,"cached":500,"reasoning":5,"discarded":1010,
                   "total":1010}],
                 "lost":{"requests":0,"attempts":0,"tokens":0}}
                """));
  }

  @Test
  void anExportHoldsEveryAttemptInEitherForm() throws Exception {
    for (int i = 0; i < 1234; i++) {
      answered("r" + i, "c" + i % 7, null);
    }
    ledger.open(start("open", "c", RequestKind.MAIN));
    ledger.openAttempt("open", begun(1, Purpose.MAIN));

    HttpResponse<String> lines =
        send(HttpRequest.newBuilder(server.uri().resolve("/api/v1/export?format=jsonl")));
    HttpResponse<String> table =
        send(HttpRequest.newBuilder(server.uri().resolve("/api/v1/export?format=csv")));

    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.headers().firstValue("content-type")).contains("application/jsonl");
    assertThat(table.headers().firstValue("content-type")).contains("text/csv; charset=utf-8");
    long tokens = 0;
    int rows = 0;
    JsonNode last = JSON.createObjectNode();
    for (String line : lines.body().lines().toList()) {
      last = JSON.readTree(line);
      tokens += last.path("promptTokens").asLong() + last.path("completionTokens").asLong();
      rows++;
    }
    assertThat(rows).isEqualTo(2 * 1234 + 1);
    assertThat(tokens).isEqualTo(ledger.totals().sum().total());
    assertThat(last.path("requestId").asText()).isEqualTo("open");
    assertThat(last.path("outcome").isNull()).isTrue();
    assertThat(table.body().lines()).hasSize(rows + 1);
    assertThat(table.body())
        .contains(
            "r5,s_c5,main,crush,m,ok,1,main,m:latest,2026-11-24T12:00:00.003Z,stream_cut,,false,upstream,1000,10,500,5,40,250\r\n");
  }

  @Test
  void listsGoOnAtTheirCursor() throws Exception {
    for (int i = 0; i < 3; i++) {
      ledger.open(start("r" + i, "c" + i, RequestKind.MAIN));
    }

    JsonNode first = get("/api/v1/sessions?limit=2", 200);
    JsonNode second = get("/api/v1/sessions?limit=2&cursor=" + first.path("next").textValue(), 200);

    assertThat(first.path("sessions").findValuesAsText("id")).containsExactly("s_c2", "s_c1");
    assertThat(second.path("sessions").findValuesAsText("id")).containsExactly("s_c0");
    assertThat(second.get("next").isNull()).isTrue();
    assertThat(get("/api/v1/sessions", 200).path("sessions")).hasSize(3);
  }

  @Test
  void listsAreNarrowedByActivityAndTheClientsId() throws Exception {
    ledger.open(start("r1", "old", RequestKind.MAIN, "m", NOON.minusSeconds(3600)));
    ledger.close("r1", end(Outcome.OK));
    ledger.open(start("r2", "new", RequestKind.MAIN));

    assertThat(get("/api/v1/sessions?active=true", 200).findValuesAsText("clientId"))
        .containsExactly("new");
    assertThat(get("/api/v1/sessions?active=false", 200).findValuesAsText("clientId"))
        .containsExactly("old");
    assertThat(get("/api/v1/sessions?client=old&active=", 200).findValuesAsText("clientId"))
        .containsExactly("old");
  }

  @ParameterizedTest
  @CsvSource({
    "limit, limit=0",
    "limit, limit=501",
    "limit, limit=ten",
    "limit, limit=1&limit=2",
    "cursor, cursor=abc",
    "active, active=maybe",
  })
  void aWrongParameterIsSaidToBe(String name, String query) throws Exception {
    JsonNode error = get("/api/v1/sessions?" + query, 400).get("error");

    assertThat(error.path("param").textValue()).isEqualTo(name);
    assertThat(error.path("code").textValue()).isEqualTo("invalid_request");
    assertThat(error.path("message").textValue()).contains(name);
  }

  @Test
  void anExportNeedsItsFormat() throws Exception {
    for (String query : new String[] {"", "?format=", "?format=xml"}) {
      JsonNode error = get("/api/v1/export" + query, 400).get("error");
      assertThat(error.path("param").textValue()).isEqualTo("format");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/sessions/s_no",
        "/api/v1/sessions/s_no/requests",
        "/api/v1/requests/no",
        "/api/v2/sessions",
        "/nope",
      })
  void whatIsNotThereIsNotFound(String path) throws Exception {
    assertThat(get(path, 404).path("error").path("code").textValue()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/sessions", "/api/v1/sessions/s_a", "/api/v1/requests/r", "/health/live"})
  void anotherMethodIsNotAllowed(String path) throws Exception {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(server.uri().resolve(path)).DELETE());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
    assertThat(JSON.readTree(response.body()).path("error").path("code").textValue())
        .isEqualTo("method_not_allowed");
  }

  private void answered(String id, String client, @Nullable Compaction compaction) {
    ledger.open(start(id, client, RequestKind.MAIN));
    ledger.openAttempt(id, begun(1, Purpose.MAIN));
    ledger.closeAttempt(id, 1, attempt(AttemptOutcome.STREAM_CUT, 1000, 10, false));
    ledger.openAttempt(id, begun(2, Purpose.RETRY));
    ledger.closeAttempt(id, 2, attempt(AttemptOutcome.OK, 1000, 40, true));
    ledger.close(id, end(Outcome.OK, new PromptSize(1200L, 1000L, 4000L, compaction)));
  }

  private JsonNode get(String path, int status) throws Exception {
    HttpResponse<String> response = send(HttpRequest.newBuilder(server.uri().resolve(path)));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
