package dev.plimsoll.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.TextTable.Column;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows the admin API's sessions and requests to a person. */
final class SessionText {
  private static final String NOTHING = "-";

  private final DateTimeFormatter time;

  SessionText(ZoneId zone) {
    time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  /** A table of sessions, newest activity first. */
  List<String> list(JsonNode page) {
    JsonNode sessions = page.path("sessions");
    if (sessions.isEmpty()) {
      return List.of("No session yet: point an agent at Plimsoll, and it shows here.");
    }
    TextTable table =
        new TextTable(
            List.of(
                Column.text("SESSION"),
                Column.text("PARENT"),
                Column.text("AGENT"),
                Column.text("MODEL"),
                Column.number("REQUESTS"),
                Column.number("PROMPT"),
                Column.number("COMPLETION"),
                Column.number("WINDOW"),
                Column.number("USED"),
                Column.text("LAST SEEN")));
    for (JsonNode session : sessions) {
      JsonNode tokens = session.path("tokens");
      JsonNode context = session.path("context");
      table.row(
          text(session.path("id")),
          text(session.path("parent")),
          text(session.path("agent")),
          text(session.path("model")),
          number(session.path("requests")),
          number(tokens.path("prompt")),
          number(tokens.path("completion")),
          number(context.path("window")),
          percent(context.path("utilization")),
          time(session.path("lastSeenAt")));
    }
    return withRest(table, page);
  }

  /** Everything about one session, and its requests. */
  List<String> details(JsonNode session, JsonNode requests) {
    JsonNode tokens = session.path("tokens");
    JsonNode context = session.path("context");
    JsonNode recoveries = session.path("recoveries");
    List<String> lines = new ArrayList<>();
    lines.add(field("session", text(session.path("id"))));
    lines.add(
        field(
            "client's id",
            text(session.path("clientId")) + " (from the " + text(session.path("source")) + ")"));
    lines.add(field("parent", text(session.path("parent"))));
    lines.add(field("agent", text(session.path("agent"))));
    lines.add(field("model", text(session.path("model"))));
    lines.add(
        field("seen", time(session.path("startedAt")) + " to " + time(session.path("lastSeenAt"))));
    lines.add(
        field(
            "requests",
            number(session.path("requests"))
                + " in "
                + number(session.path("attempts"))
                + " attempts, "
                + number(recoveries.path("recovered"))
                + " of "
                + number(recoveries.path("attempted"))
                + " recoveries worked"));
    lines.add(
        field(
            "window",
            number(context.path("lastPrompt"))
                + " of "
                + number(context.path("window"))
                + " tokens used ("
                + percent(context.path("utilization"))
                + ")"));
    lines.add(
        field(
            "compactions",
            number(session.path("compactions"))
                + ", "
                + number(session.path("tokensSaved"))
                + " tokens saved"));
    lines.add(
        field(
            "tokens",
            "prompt %s (cached %s), completion %s (reasoning %s), compaction %s, discarded %s, total %s"
                .formatted(
                    number(tokens.path("prompt")),
                    number(tokens.path("cached")),
                    number(tokens.path("completion")),
                    number(tokens.path("reasoning")),
                    number(tokens.path("compaction")),
                    number(tokens.path("discarded")),
                    number(tokens.path("total")))));
    lines.add("");
    lines.addAll(requests(requests));
    return lines;
  }

  private List<String> requests(JsonNode page) {
    TextTable table =
        new TextTable(
            List.of(
                Column.text("STARTED"),
                Column.text("REQUEST"),
                Column.text("KIND"),
                Column.text("OUTCOME"),
                Column.text("FINISH"),
                Column.number("SENT"),
                Column.number("COMPLETION"),
                Column.number("FIRST TOKEN"),
                Column.number("TIME"),
                Column.text("ATTEMPTS")));
    for (JsonNode request : page.path("requests")) {
      JsonNode tokens = request.path("tokens");
      table.row(
          time(request.path("startedAt")),
          text(request.path("id")),
          text(request.path("kind")),
          request.path("outcome").isNull() ? "running" : text(request.path("outcome")),
          text(request.path("finishReason")),
          number(tokens.path("sent")),
          number(tokens.path("completion")),
          seconds(request.path("timeToFirstTokenMs")),
          seconds(request.path("durationMs")),
          attempts(request.path("attempts")));
    }
    return withRest(table, page);
  }

  private static List<String> withRest(TextTable table, JsonNode page) {
    List<String> lines = new ArrayList<>(table.lines());
    if (page.path("next").isTextual()) {
      lines.add("… and older ones: --limit shows up to " + SessionsCommand.MAX_LIMIT + ".");
    }
    return lines;
  }

  private static String attempts(JsonNode attempts) {
    List<String> told = new ArrayList<>();
    for (JsonNode attempt : attempts) {
      told.add(text(attempt.path("purpose")) + ":" + text(attempt.path("outcome")));
    }
    return told.isEmpty() ? NOTHING : String.join(" ", told);
  }

  private static String field(String name, String value) {
    return "%-12s %s".formatted(name, TextTable.printable(value));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : NOTHING;
  }

  private static String number(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%,d", value.longValue()) : NOTHING;
  }

  private static String percent(JsonNode value) {
    return value.isNumber()
        ? String.format(Locale.ROOT, "%.0f%%", value.doubleValue() * 100)
        : NOTHING;
  }

  private static String seconds(JsonNode millis) {
    return millis.isNumber()
        ? String.format(Locale.ROOT, "%.1f s", millis.longValue() / 1000.0)
        : NOTHING;
  }

  private String time(JsonNode value) {
    return value.isTextual() ? time.format(Instant.parse(value.textValue())) : NOTHING;
  }
}
