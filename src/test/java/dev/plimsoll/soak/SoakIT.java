package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.testing.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Minutes of mixed load, in front of both kinds of server at the same time: streams and whole
 * answers, chats, calls, completions, embeddings, discovery and refusals; three servers' answers in
 * ten go wrong and three clients in ten leave.
 *
 * <p>{@code -Dsoak.minutes=N} sets how long, {@code -Dsoak.first=N} the number of the first scene,
 * from which all others follow. What was seen is written to {@code target/soak.md}.
 */
@Tag("soak")
class SoakIT {
  private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("soak.minutes", 5));
  private static final long FIRST = Long.getLong("soak.first", 1_000_000);
  private static final Path REPORT = Path.of("target/soak.md");

  /** Until then classes are loaded, code is compiled and pools are filled. */
  private static final Duration WARM = Duration.ofMinutes(1);

  /**
   * What the heap may grow from there to the end. An open stream holds about 27 KiB and a hundredth
   * of all requests are more than a hundred, so that one stream in a hundred that is not let go
   * shows; tables that fill up slowly, soft references and thread-local buffers stay below.
   */
  private static final double HEAP_GROWTH = 2.5 * (1 << 20);

  /** A leaked descriptor an abort would be thousands; the ledger's files come and go. */
  private static final double DESCRIPTORS_GROWTH = 4;

  /** The JVM's own compiler threads come and go. */
  private static final double THREADS_GROWTH = 3;

  @TempDir private Path folder;

  @Test
  void nothingIsLeftOfAnyRequest() throws Exception {
    assumeTrue(Vitals.canBeRead(), "skipped: there is no /proc to read descriptors from");
    List<Soak> soaks = new ArrayList<>();
    for (Dialect dialect : List.of(Dialect.OLLAMA_033, Dialect.LLAMA_SERVER)) {
      Path own = Files.createDirectory(folder.resolve(dialect.name()));
      soaks.add(new Soak(dialect, own, LENGTH, FIRST));
    }
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Soak.Log> logs = new ArrayList<>();
      for (Future<Soak.Log> log : both.invokeAll(soaks)) {
        logs.add(log.get());
      }
      report(logs);
      logs.forEach(SoakIT::check);
    }
  }

  private static void check(Soak.Log log) {
    assertThat(log.tally().wrong()).as("answers that nobody should get").isEmpty();
    assertThat(log.errors()).as("bugs in the log").isEmpty();
    for (String whole :
        List.of("CHAT WHOLE", "CALL WHOLE", "COMPLETION WHOLE", "EMBEDDINGS WHOLE")) {
      assertThat(log.tally().seen()).containsKey(whole);
    }
    assertThat(log.tally().seen())
        .containsKeys("CHAT ERROR", "CHAT LEFT", "DISCOVERY WHOLE", "REFUSED ERROR");
    assertThat(log.samples()).allSatisfy(sample -> assertThat(sample.vitals().turns()).isZero());
    List<Soak.Sample> warm =
        log.samples().stream().filter(sample -> sample.at().compareTo(WARM) >= 0).toList();
    assertThat(growth(warm, sample -> sample.vitals().heap()))
        .as("growth of the live heap in bytes, " + log.server())
        .isLessThan(HEAP_GROWTH);
    assertThat(growth(warm, sample -> sample.vitals().descriptors()))
        .as("growth of open descriptors, " + log.server())
        .isLessThan(DESCRIPTORS_GROWTH);
    assertThat(growth(warm, sample -> sample.vitals().threads()))
        .as("growth of threads, " + log.server())
        .isLessThan(THREADS_GROWTH);
  }

  private static double growth(List<Soak.Sample> samples, ToDoubleFunction<Soak.Sample> value) {
    return Trend.growth(
        samples.stream().mapToDouble(sample -> sample.at().toMillis()).toArray(),
        samples.stream().mapToDouble(value).toArray());
  }

  private static void report(List<Soak.Log> logs) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Soak.Log log : logs) {
      text.append("\n## ").append(log.server()).append(", ").append(Soak.HEAP).append("\n\n");
      text.append("| under load | requests | live heap, MiB | descriptors | threads | turns |");
      text.append(" resident, MiB |\n|---|---|---|---|---|---|---|\n");
      log.samples()
          .forEach(
              sample ->
                  text.append(sample.vitals().row(sample.at(), sample.requests())).append('\n'));
      text.append("\n| asked, got | count |\n|---|---|\n");
      log.tally()
          .seen()
          .forEach((what, count) -> text.append("| %s | %,d |%n".formatted(what, count)));
      log.tally().wrong().forEach(what -> text.append("\nWRONG: ").append(what).append('\n'));
      text.append(log.errors().isEmpty() ? "" : "\nERRORS:\n" + log.errors() + "\n");
    }
    Files.writeString(REPORT, text.toString());
  }
}
