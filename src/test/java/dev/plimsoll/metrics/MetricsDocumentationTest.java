package dev.plimsoll.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.ledger.TokenSource;
import dev.plimsoll.ledger.WriteFault;
import dev.plimsoll.stream.Anomaly;
import dev.plimsoll.stream.Held;
import dev.plimsoll.testing.Scrape;
import dev.plimsoll.upstream.ModelFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/metrics.md} to a scrape in which every metric has moved. */
class MetricsDocumentationTest {
  private static final Path PAGE = Path.of("docs/metrics.md");

  /** One row of the page's table. */
  private record Row(String type, Set<String> labels, String help) {}

  private final Scrape scrape = Scrape.parse(new String(moved().scrape(Exposition.TEXT), UTF_8));

  private static Metrics moved() {
    UpstreamVitals vitals = new UpstreamVitals(() -> 0, () -> Instant.EPOCH);
    Metrics metrics = new Metrics(new Versions("1", "25", "5"), vitals, () -> 0);
    metrics.observe(
        new Observed(
            () -> 1,
            () -> 1,
            () -> 1,
            () ->
                List.of(new ModelFacts("m", OptionalLong.of(4096), true, OptionalDouble.of(0.5)))));
    ModelLabel model = metrics.model("m");
    metrics.request(Route.CHAT, 200, Outcome.OK);
    metrics.duration(Route.CHAT, model, true, 1);
    metrics.firstToken(model, 1);
    metrics.pace(model, 1);
    metrics.attempt(
        model,
        Purpose.MAIN,
        new AttemptEnd(
            AttemptOutcome.STREAM_CUT,
            new Usage(4, 3, 2, 1),
            TokenSource.UPSTREAM,
            false,
            1,
            1,
            null));
    metrics.recovery(model, AttemptOutcome.STREAM_CUT, true);
    metrics.delivered(model, new Usage(1, 1, 1, 1), 10);
    metrics.compared(model, 11, 10);
    metrics.compacted(model, Plan.Depth.DROPPED, CompactionResult.OK);
    metrics.fitted(model, 1);
    metrics.saved(model, 1);
    metrics.cutInSilence(model);
    metrics.queued(1);
    metrics.held(Held.TEXT, 1_000_000);
    metrics.repaired(model, Repair.ID);
    metrics.rejected(RejectReason.PATH);
    metrics.anomaly(Anomaly.NO_DONE);
    metrics.disconnected(Phase.STREAM);
    metrics.session("s");
    metrics.loopLag(1);
    metrics.ledger().committed(1, 1);
    metrics.ledger().failed(WriteFault.FULL);
    return metrics;
  }

  @Test
  void pageAndScrapeHaveTheSameMetrics() throws IOException {
    assumeTrue(
        Files.exists(Path.of("/proc/self/status")),
        "the metrics of the process that only Linux has are missing here");
    assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(scrape.types().keySet());
  }

  @Test
  void everyRowSaysWhatTheScrapeSays() throws IOException {
    Map<String, Row> rows = rows();
    assertThat(scrape.types()).isNotEmpty();
    scrape
        .types()
        .forEach(
            (name, type) ->
                assertThat(rows.get(name))
                    .as(name)
                    .isEqualTo(
                        new Row(
                            type, labels(name, type), scrape.help().getOrDefault(name, "none"))));
  }

  @Test
  void everyMetricOfTheProgramIsInTheScrape() {
    assertThat(scrape.types().keySet())
        .containsAll(Arrays.stream(Metric.values()).map(Metric::fullName).toList());
  }

  /** Both forms must have every metric; OpenMetrics names counters and infos without their end. */
  @Test
  void openMetricsHasTheSame() {
    String open = new String(moved().scrape(Exposition.OPEN_METRICS), UTF_8);
    for (String name : scrape.types().keySet()) {
      assertThat(open).contains("# HELP " + name.replaceFirst("_(total|info)$", "") + " ");
    }
  }

  @Test
  void everyValueOfAClosedSetIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    Stream.of(
            Arrays.stream(RejectReason.values()).map(RejectReason::label),
            Arrays.stream(Anomaly.values()).map(Anomaly::label),
            Arrays.stream(Repair.values()).map(Repair::label),
            Arrays.stream(Phase.values()).map(Phase::label),
            Arrays.stream(WriteFault.values()).map(WriteFault::label),
            Arrays.stream(Route.values()).map(Route::label),
            Arrays.stream(Outcome.values()).map(Outcome::label),
            Arrays.stream(AttemptOutcome.values()).map(AttemptOutcome::label),
            Arrays.stream(Purpose.values()).map(Purpose::label),
            Arrays.stream(TokenSource.values()).map(TokenSource::label))
        .flatMap(labels -> labels)
        .forEach(label -> assertThat(page).containsPattern("[`\"]" + label + "[`\"]"));
  }

  private Set<String> labels(String name, String type) {
    Set<String> labels = new TreeSet<>();
    for (Scrape.Sample sample : scrape.samples()) {
      String of =
          type.equals("histogram") || type.equals("summary")
              ? sample.name().replaceFirst("_(bucket|sum|count)$", "")
              : sample.name();
      if (of.equals(name)) {
        labels.addAll(sample.labels().keySet());
      }
    }
    labels.remove("le");
    return labels;
  }

  private static Map<String, Row> rows() throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.matches("\\| `(plimsoll|jvm|process)_.*")) {
        String[] cells = line.substring(1).split("\\|", -1);
        rows.put(
            cells[0].strip().replace("`", ""),
            new Row(cells[1].strip(), words(cells[2]), cells[3].strip()));
      }
    }
    return rows;
  }

  private static Set<String> words(String cell) {
    Set<String> words = new TreeSet<>(List.of(cell.replace("`", " ").strip().split("\\s+")));
    words.remove("");
    return words;
  }
}
