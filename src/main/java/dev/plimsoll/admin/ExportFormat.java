package dev.plimsoll.admin;

import dev.plimsoll.json.JsonOut;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptRow;
import dev.plimsoll.ledger.RequestEnd;
import dev.plimsoll.ledger.RequestRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two forms in which all attempts can be taken away, a line each. */
enum ExportFormat {
  /** Comma-separated values with a line of names, as in RFC 4180. */
  CSV("text/csv; charset=utf-8"),
  /** One JSON object a line. */
  JSONL("application/jsonl");

  private final String contentType;

  ExportFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** One column: its name and what stands in it. Texts, numbers, truths and nothing. */
  private record Column(String name, Value value) {}

  @FunctionalInterface
  private interface Value {
    @Nullable Object of(RequestRow request, AttemptRow attempt);
  }

  private static final List<Column> COLUMNS = columns();

  private static List<Column> columns() {
    List<Column> all = new ArrayList<>();
    all.add(new Column("requestId", (request, _) -> request.start().id()));
    all.add(new Column("sessionId", (request, _) -> request.start().identity().id().value()));
    all.add(new Column("kind", (request, _) -> request.start().identity().kind().label()));
    all.add(new Column("agent", (request, _) -> request.start().identity().agent().label()));
    all.add(new Column("requestedModel", (request, _) -> request.start().model()));
    all.add(new Column("requestOutcome", (request, _) -> outcome(request.end())));
    all.add(new Column("number", (_, attempt) -> (long) attempt.number()));
    all.add(new Column("purpose", (_, attempt) -> attempt.purpose().label()));
    all.add(new Column("model", (_, attempt) -> attempt.start().model()));
    all.add(new Column("startedAt", (_, attempt) -> attempt.start().startedAt().toString()));
    all.add(new Column("outcome", (_, attempt) -> outcome(attempt.end())));
    all.add(new Column("finishReason", (_, attempt) -> finishReason(attempt.end())));
    all.add(new Column("delivered", (_, attempt) -> attempt.progress().delivered()));
    all.add(new Column("tokenSource", (_, attempt) -> attempt.progress().tokenSource().label()));
    all.add(new Column("promptTokens", (_, attempt) -> attempt.progress().usage().prompt()));
    all.add(
        new Column("completionTokens", (_, attempt) -> attempt.progress().usage().completion()));
    all.add(new Column("cachedTokens", (_, attempt) -> attempt.progress().usage().cached()));
    all.add(new Column("reasoningTokens", (_, attempt) -> attempt.progress().usage().reasoning()));
    all.add(new Column("bytes", (_, attempt) -> attempt.progress().bytes()));
    all.add(new Column("durationMs", (_, attempt) -> attempt.progress().durationMs()));
    return List.copyOf(all);
  }

  private static @Nullable String outcome(@Nullable RequestEnd end) {
    return end == null ? null : end.outcome().label();
  }

  private static @Nullable String outcome(@Nullable AttemptEnd end) {
    return end == null ? null : end.outcome().label();
  }

  private static @Nullable String finishReason(@Nullable AttemptEnd end) {
    return end == null || end.finishReason() == null ? null : end.finishReason().label();
  }

  /** What comes before the first row. */
  byte[] head() {
    return switch (this) {
      case CSV ->
          (String.join(",", COLUMNS.stream().map(Column::name).toList()) + "\r\n")
              .getBytes(StandardCharsets.UTF_8);
      case JSONL -> new byte[0];
    };
  }

  /** A line for each attempt of these requests. */
  byte[] lines(List<RequestRow> requests) {
    JsonOut out = new JsonOut(400 * requests.size());
    for (RequestRow request : requests) {
      for (AttemptRow attempt : request.attempts()) {
        switch (this) {
          case CSV -> csv(out, request, attempt);
          case JSONL -> json(out, request, attempt);
        }
      }
    }
    return out.toBytes();
  }

  private static void csv(JsonOut out, RequestRow request, AttemptRow attempt) {
    char before = 0;
    for (Column column : COLUMNS) {
      if (before != 0) {
        out.ascii(before);
      }
      before = ',';
      Object value = column.value().of(request, attempt);
      if (value != null) {
        out.raw(cell(value.toString()).getBytes(StandardCharsets.UTF_8));
      }
    }
    out.ascii("\r\n");
  }

  /** A model's name may hold anything; a spreadsheet would run one that begins like a formula. */
  private static String cell(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  private static void json(JsonOut out, RequestRow request, AttemptRow attempt) {
    JsonFields json = new JsonFields(out).begin();
    for (Column column : COLUMNS) {
      switch (column.value().of(request, attempt)) {
        case null -> json.nothing(column.name());
        case Long number -> json.count(column.name(), number);
        case Boolean flag -> json.flag(column.name(), flag);
        case Object text -> json.text(column.name(), text.toString());
      }
    }
    json.end();
    out.ascii('\n');
  }
}
