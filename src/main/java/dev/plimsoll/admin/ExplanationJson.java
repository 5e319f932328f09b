package dev.plimsoll.admin;

import dev.plimsoll.compact.Explanation;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.tokens.Budget;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what would become of a request as the JSON of the API. */
final class ExplanationJson {
  private static final int HEAD = 512;
  private static final int LINE = 160;

  private ExplanationJson() {}

  static byte[] of(Explanation told) {
    JsonOut out = new JsonOut(HEAD + LINE * told.lines().size() + told.log().length());
    JsonFields fields = new JsonFields(out).begin();
    fields.text("model", told.model());
    budget(fields, told.budget());
    fields.count("fixed", told.fixed());
    fields.text("tokenSource", told.original().exact() ? "counted" : "estimated");
    fields.count("originalTokens", told.original().tokens());
    fields.count("sentTokens", told.sent().tokens());
    fields.text("compaction", word(told.depth()));
    fields.flag("fits", told.refusal().isEmpty());
    fields.text("error", told.refusal().isEmpty() ? null : told.refusal());
    fields.beginArray("messages");
    for (Explanation.Line line : told.lines()) {
      fields.begin();
      fields.count("index", line.index());
      fields.text("role", word(line.role()));
      fields.count("tokens", line.tokens());
      fields.count("sentTokens", line.sent());
      fields.text("fate", word(line.fate()));
      fields.text("why", line.why());
      fields.end();
    }
    fields.endArray();
    fields.text("log", told.log());
    fields.end();
    return out.toBytes();
  }

  private static void budget(JsonFields fields, @Nullable Budget budget) {
    fields.number("window", budget == null ? null : Long.valueOf(budget.window()));
    fields.number("budget", budget == null ? null : Long.valueOf(budget.prompt()));
    fields.number("answerReserve", budget == null ? null : Long.valueOf(budget.answerReserve()));
    fields.number("safety", budget == null ? null : Long.valueOf(budget.safety()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
