package dev.plimsoll.admin;

import dev.plimsoll.json.JsonOut;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptRow;
import dev.plimsoll.ledger.Compaction;
import dev.plimsoll.ledger.ContextFill;
import dev.plimsoll.ledger.Cursor;
import dev.plimsoll.ledger.Page;
import dev.plimsoll.ledger.PromptSize;
import dev.plimsoll.ledger.RequestEnd;
import dev.plimsoll.ledger.RequestRow;
import dev.plimsoll.ledger.RequestStart;
import dev.plimsoll.ledger.SessionRow;
import dev.plimsoll.ledger.SessionSums;
import dev.plimsoll.ledger.TokenSums;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The ledger's rows in the JSON of the admin API. */
public final class SessionJson {
  private SessionJson() {}

  /** One session. */
  public static byte[] session(SessionRow row) {
    JsonOut out = new JsonOut(768);
    write(new JsonFields(out), row);
    return out.toBytes();
  }

  /** A page of sessions. */
  public static byte[] sessions(Page<SessionRow> page) {
    return page("sessions", page, SessionJson::write);
  }

  /** One request with its attempts. */
  public static byte[] request(RequestRow row) {
    JsonOut out = new JsonOut(768);
    write(new JsonFields(out), row);
    return out.toBytes();
  }

  /** A page of requests. */
  public static byte[] requests(Page<RequestRow> page) {
    return page("requests", page, SessionJson::write);
  }

  private static <T> byte[] page(String name, Page<T> page, BiConsumer<JsonFields, T> write) {
    JsonOut out = new JsonOut(32 + 768 * page.rows().size());
    JsonFields json = new JsonFields(out).begin().beginArray(name);
    page.rows().forEach(row -> write.accept(json, row));
    Cursor next = page.next();
    json.endArray().text("next", next == null ? null : next.text()).end();
    return out.toBytes();
  }

  private static void write(JsonFields json, SessionRow row) {
    SessionSums sums = row.sums();
    json.begin()
        .text("id", row.id().value())
        .text("clientId", row.id().clientId())
        .text("source", row.id().source().label())
        .text("parent", row.parent())
        .text("agent", row.agent().label())
        .text("model", row.model())
        .time("startedAt", row.startedAt())
        .time("lastSeenAt", row.lastSeenAt())
        .count("requests", sums.requests())
        .count("attempts", sums.attempts());
    tokens(json, sums.tokens());
    context(json, row.context());
    json.count("compactions", sums.compactions())
        .count("tokensSaved", sums.tokensSaved())
        .begin("recoveries")
        .count("attempted", sums.recoveriesAttempted())
        .count("recovered", sums.recoveriesRecovered())
        .end()
        .end();
  }

  private static void tokens(JsonFields json, TokenSums tokens) {
    json.begin("tokens")
        .count("prompt", tokens.prompt())
        .count("completion", tokens.completion())
        .count("reasoning", tokens.reasoning())
        .count("cached", tokens.cached())
        .count("compaction", tokens.compaction())
        .count("discarded", tokens.discarded())
        .count("total", tokens.total())
        .end();
  }

  private static void context(JsonFields json, ContextFill context) {
    json.begin("context")
        .number("window", context.window())
        .number("lastPrompt", context.lastPrompt())
        .ratio("utilization", context.utilization())
        .end();
  }

  private static void write(JsonFields json, RequestRow row) {
    RequestStart start = row.start();
    json.begin()
        .text("id", start.id())
        .text("sessionId", start.identity().id().value())
        .text("kind", start.identity().kind().label())
        .text("model", start.model())
        .flag("stream", start.stream())
        .time("startedAt", start.startedAt());
    RequestEnd end = row.end();
    if (end == null) {
      json.nothing("durationMs")
          .nothing("timeToFirstTokenMs")
          .nothing("status")
          .nothing("outcome")
          .nothing("finishReason");
    } else {
      json.count("durationMs", end.durationMs())
          .number("timeToFirstTokenMs", end.timeToFirstTokenMs())
          .number("status", end.status() == RequestEnd.NO_STATUS ? null : (long) end.status())
          .text("outcome", end.outcome().label())
          .text("finishReason", end.finishReason() == null ? null : end.finishReason().label());
    }
    prompt(json, row, end == null ? PromptSize.UNKNOWN : end.prompt());
    attempts(json, row.attempts());
    json.end();
  }

  private static void prompt(JsonFields json, RequestRow row, PromptSize prompt) {
    json.begin("tokens")
        .number("original", prompt.original())
        .number("sent", prompt.sent())
        .count("completion", row.completionTokens())
        .count("reasoning", row.reasoningTokens())
        .end();
    compaction(json, prompt.compaction());
  }

  private static void compaction(JsonFields json, @Nullable Compaction compaction) {
    if (compaction == null) {
      json.nothing("compaction");
    } else {
      json.begin("compaction")
          .text("tier", compaction.tier().label())
          .count("saved", compaction.saved())
          .end();
    }
  }

  private static void attempts(JsonFields json, List<AttemptRow> attempts) {
    json.beginArray("attempts");
    for (AttemptRow attempt : attempts) {
      json.begin().count("number", attempt.number()).text("purpose", attempt.purpose().label());
      AttemptEnd end = attempt.end();
      if (end == null) {
        json.nothing("outcome")
            .nothing("promptTokens")
            .nothing("completionTokens")
            .nothing("tokenSource")
            .nothing("durationMs");
      } else {
        json.text("outcome", end.outcome().label())
            .count("promptTokens", end.usage().prompt())
            .count("completionTokens", end.usage().completion())
            .text("tokenSource", end.tokenSource().label())
            .count("durationMs", end.durationMs());
      }
      json.end();
    }
    json.endArray();
  }
}
