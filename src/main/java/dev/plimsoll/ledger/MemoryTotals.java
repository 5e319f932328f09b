package dev.plimsoll.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums of everything that ended, kept while rows are forgotten; guarded by its ledger's lock.
 */
final class MemoryTotals {
  private final Map<Kind, Totals.Sums> sums = new HashMap<>();

  private record Kind(String model, Purpose purpose, TokenSource source) {}

  void add(AttemptStart start, AttemptEnd end) {
    Kind kind = new Kind(start.model(), start.purpose(), end.tokenSource());
    if (sums.size() >= Totals.MAX_LINES && !sums.containsKey(kind)) {
      kind = new Kind(Totals.OTHER, start.purpose(), end.tokenSource());
    }
    sums.merge(kind, Totals.Sums.of(end), Totals.Sums::plus);
  }

  Totals all() {
    List<Totals.Line> lines =
        sums.entrySet().stream()
            .map(
                entry ->
                    new Totals.Line(
                        entry.getKey().model(),
                        entry.getKey().purpose(),
                        entry.getKey().source(),
                        entry.getValue()))
            .toList();
    return Totals.of(lines, Totals.Lost.NOTHING);
  }
}
