package dev.plimsoll.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that really refuse, under the real program: agents never notice, no row is lost. */
class DiskIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int REQUESTS = 60;
  private static final int MOST_UNTIL_FULL = 500;

  @TempDir Path folder;

  private static boolean works(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return false; // there is no such program
    }
    process.getInputStream().readAllBytes();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static String ledger(BuiltPlimsoll plimsoll) throws IOException {
    RawClient.Response ready = plimsoll.operators("/health/ready");
    for (var check : ready.body().json().path("checks")) {
      if (check.path("name").asText().equals("ledger")) {
        return check.path("status").asText();
      }
    }
    throw new AssertionError("no word about the ledger: " + ready.text());
  }

  private static void ask(BuiltPlimsoll plimsoll, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      RawClient.Response answer = RawClient.post(plimsoll.agents(), Ask.CHAT, Ask.chat(true));
      assertThat(CanonicalStream.of(answer.text(), "test").finish()).isEqualTo("stop");
    }
  }

  private static void allArrive(BuiltPlimsoll plimsoll, int count) throws IOException {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(ledger(plimsoll)).isEqualTo("up");
              assertThat(plimsoll.export()).hasSize(count);
            });
    List<Instant> times =
        plimsoll.export().stream()
            .map(row -> Instant.parse(row.path("startedAt").asText()))
            .toList();
    assertThat(times).isSorted();
    assertThat(plimsoll.export())
        .allSatisfy(row -> assertThat(row.path("outcome").asText()).isEqualTo("ok"));
    assertThat(plimsoll.admin("/api/v1/totals").path("lost").path("requests").asInt()).isZero();
  }

  @Test
  void fullAndThenFreed() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        works("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", small.toString()),
        "skipped: no right to mount a small disk");
    try (FakeOllama fake = FakeOllama.start()) {
      fake.reply(_ -> Answer.text("a", "b"));
      try (BuiltPlimsoll plimsoll =
          BuiltPlimsoll.start(small, fake.uri(), "upstream.kind=ollama", "context.window=4096")) {
        ask(plimsoll, 5);
        Path filler = small.resolve("filler");
        int before = 5;
        // The program frees some bytes of its own now and then, which the ledger would live on.
        for (; !ledger(plimsoll).equals("degraded") && before < MOST_UNTIL_FULL; before++) {
          fill(filler);
          ask(plimsoll, 1);
        }
        ask(plimsoll, REQUESTS);
        assertThat(ledger(plimsoll)).isEqualTo("degraded");
        assertThat(plimsoll.operators("/metrics").text())
            .containsPattern("plimsoll_ledger_write_errors_total\\{reason=\"full\"} [1-9]");

        Files.delete(filler);

        allArrive(plimsoll, REQUESTS + before);
      }
    } finally {
      assertThat(works("umount", small.toString())).isTrue();
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[1024];
    try (var out = Files.newOutputStream(file, CREATE, APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // Full, which was the purpose.
    }
  }

  @Test
  void failingAndThenWellAgain() throws Exception {
    try (FakeOllama fake = FakeOllama.start()) {
      fake.reply(_ -> Answer.text("a", "b"));
      try (BuiltPlimsoll plimsoll =
          BuiltPlimsoll.start(folder, fake.uri(), "upstream.kind=ollama", "context.window=4096")) {
        ask(plimsoll, 5);
        String pid = Long.toString(plimsoll.pid());
        // The kernel refuses every write beyond the first KiB of a file; the log goes to a pipe.
        assumeTrue(
            works("prlimit", "--pid", pid, "--fsize=1024:"),
            "skipped: there is no prlimit to make writing fail");

        ask(plimsoll, REQUESTS);
        await().atMost(LIMIT).until(() -> ledger(plimsoll).equals("degraded"));
        assertThat(plimsoll.operators("/metrics").text())
            .containsPattern("plimsoll_ledger_write_errors_total\\{reason=\"io\"} [1-9]");

        assertThat(works("prlimit", "--pid", pid, "--fsize=unlimited:")).isTrue();

        allArrive(plimsoll, REQUESTS + 5);
      }
    }
  }

  @Test
  void aNamedFileThatCannotBeWrittenEndsTheStart() throws Exception {
    Path file = Files.createFile(folder.resolve("a-file"));

    BuiltPlimsoll.Refused refused =
        BuiltPlimsoll.refused(file.resolve("under"), java.net.URI.create("http://127.0.0.1:1"));

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said())
        .contains("plimsoll: cannot write the ledger " + file.resolve("under/ledger.db"))
        .contains("--set store.path=FILE");
  }
}
