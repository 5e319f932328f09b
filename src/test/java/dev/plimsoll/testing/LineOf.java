package dev.plimsoll.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a process says, to its end, and picks out the line that tells it is ready.
 *
 * <p>Of what was said the last {@value #KEPT} lines are kept, and as many of those that tell of an
 * error.
 */
public final class LineOf {
  private static final int KEPT = 1000;
  private static final Pattern ERROR = Pattern.compile(" ERROR |OutOfMemoryError|^Exception in ");

  private final Process process;
  private final Deque<String> said = new ArrayDeque<>();
  private final Deque<String> errors = new ArrayDeque<>();
  private final CompletableFuture<Matcher> found = new CompletableFuture<>();

  /** Begins to read. */
  public LineOf(Process process, Pattern wanted) {
    this.process = process;
    // Not a virtual thread: reading a pipe would hold one of the few that carry them.
    Thread.ofPlatform().daemon().name("reads-", process.pid()).start(() -> read(wanted));
  }

  private void read(Pattern wanted) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
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

  private synchronized void keep(String line) {
    keep(said, line);
    if (ERROR.matcher(line).find()) {
      keep(errors, line);
    }
  }

  private static void keep(Deque<String> lines, String line) {
    lines.addLast(line);
    if (lines.size() > KEPT) {
      lines.removeFirst();
    }
  }

  /** The match in that line; an {@link AssertionError} with all that was said when none comes. */
  public Matcher await(Duration limit) throws InterruptedException {
    try {
      return found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("not ready within " + limit + ":\n" + said(), e);
    }
  }

  /** What was said last. */
  public synchronized String said() {
    return String.join("\n", said);
  }

  /** The lines that tell of an error. */
  public synchronized String errors() {
    return String.join("\n", errors);
  }
}
