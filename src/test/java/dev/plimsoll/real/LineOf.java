package dev.plimsoll.real;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a process says, to its end, and picks out the line that tells it is ready. */
final class LineOf {
  private final Process process;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Matcher> found = new CompletableFuture<>();

  LineOf(Process process, Pattern wanted) {
    this.process = process;
    Thread.ofVirtual().name("reads-", process.pid()).start(() -> read(wanted));
  }

  private void read(Pattern wanted) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        Matcher matcher = wanted.matcher(line);
        if (matcher.find()) {
          found.complete(matcher);
        }
      }
      found.completeExceptionally(new IOException("it ended and said:\n" + said()));
    } catch (IOException e) {
      found.completeExceptionally(e);
    }
  }

  /** The match in that line; an {@link AssertionError} with all that was said when none comes. */
  Matcher await(Duration limit) throws InterruptedException {
    try {
      return found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("not ready within " + limit + ":\n" + said(), e);
    }
  }

  /** All that was said so far. */
  String said() {
    return String.join("\n", said);
  }
}
