package dev.plimsoll.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.TextTable.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows what would become of a request as text: the sums, a row for each message, the log. */
final class ExplainText {
  private ExplainText() {}

  /** The lines for the JSON of the admin API. */
  static List<String> of(JsonNode told) {
    List<String> lines = new ArrayList<>();
    lines.add("model   " + TextTable.printable(told.path("model").asText()));
    lines.add("window  " + window(told));
    lines.add("prompt  " + prompt(told));
    lines.add("sent    " + sent(told));
    lines.add("");
    lines.addAll(table(told));
    String log = told.path("log").asText();
    if (!log.isEmpty()) {
      lines.add("");
      lines.add("The log behind the task:");
      log.lines().map(TextTable::printable).forEach(lines::add);
    }
    return lines;
  }

  private static String window(JsonNode told) {
    return told.path("window").isNumber()
        ? "%s tokens: %s for the prompt, %s for the answer, %s for safety"
            .formatted(
                number(told.path("window")),
                number(told.path("budget")),
                number(told.path("answerReserve")),
                number(told.path("safety")))
        : "not known: the request is sent as it came";
  }

  private static String prompt(JsonNode told) {
    boolean counted = told.path("tokenSource").asText().equals("counted");
    return "%s tokens (%s), %s of them system messages, tools and the answer's opening"
        .formatted(
            number(told.path("originalTokens")),
            counted ? "counted" : "estimated",
            number(told.path("fixed")));
  }

  private static String sent(JsonNode told) {
    if (!told.path("fits").asBoolean()) {
      return "nothing: " + TextTable.printable(told.path("error").asText());
    }
    return "%s tokens, compaction: %s"
        .formatted(
            number(told.path("sentTokens")), TextTable.printable(told.path("compaction").asText()));
  }

  private static List<String> table(JsonNode told) {
    TextTable table =
        new TextTable(
            List.of(
                Column.number("#"),
                Column.text("ROLE"),
                Column.number("TOKENS"),
                Column.number("SENT"),
                Column.text("FATE"),
                Column.text("WHY")));
    for (JsonNode message : told.path("messages")) {
      table.row(
          message.path("index").asText(),
          message.path("role").asText(),
          number(message.path("tokens")),
          number(message.path("sentTokens")),
          message.path("fate").asText(),
          message.path("why").asText());
    }
    return table.lines();
  }

  private static String number(JsonNode value) {
    return String.format(Locale.ROOT, "%,d", value.longValue());
  }
}
