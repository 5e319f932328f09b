package dev.plimsoll.admin;

import dev.plimsoll.json.JsonOut;
import dev.plimsoll.ledger.Totals;

/** The ledger's sums in the JSON of the admin API. */
final class TotalsJson {
  private TotalsJson() {}

  static byte[] of(Totals totals) {
    JsonOut out = new JsonOut(512 + 256 * totals.lines().size());
    JsonFields json = new JsonFields(out).begin().begin("sum");
    sums(json, totals.sum());
    json.end().beginArray("lines");
    for (Totals.Line line : totals.lines()) {
      json.begin()
          .text("model", line.model())
          .text("purpose", line.purpose().label())
          .text("tokenSource", line.source().label());
      sums(json, line.sums());
      json.end();
    }
    json.endArray()
        .begin("lost")
        .count("requests", totals.lost().requests())
        .count("attempts", totals.lost().attempts())
        .count("tokens", totals.lost().tokens())
        .end()
        .end();
    return out.toBytes();
  }

  private static void sums(JsonFields json, Totals.Sums sums) {
    json.count("attempts", sums.attempts())
        .count("prompt", sums.prompt())
        .count("completion", sums.completion())
        .count("cached", sums.cached())
        .count("reasoning", sums.reasoning())
        .count("discarded", sums.discarded())
        .count("total", sums.total());
  }
}
