package dev.plimsoll.real;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.testing.LineOf;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** A real llama-server on a port of its own, with one model. */
final class RunningLlamaServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final int port;
  private final ProcessHandle server;

  private RunningLlamaServer(int port, ProcessHandle server) {
    this.port = port;
    this.server = server;
  }

  /** Starts one with a window of that many tokens. */
  static RunningLlamaServer start(String model, int window)
      throws IOException, InterruptedException {
    Path folder = Installed.ollama("b");
    assumeTrue(
        Files.isExecutable(folder.resolve("gen-b/lib/ollama/llama-server")),
        "skipped: llama-server is not installed; run install-ollama.sh FOLDER llama");
    Path script = Installed.shared("real", "start-llama-server.sh");
    int port = RunningOllama.freePort();
    ProcessBuilder start =
        new ProcessBuilder(script.toString(), folder.toString(), Integer.toString(port), model);
    start.environment().put("CTX", Integer.toString(window));
    Process process = start.redirectErrorStream(true).start();
    long pid =
        Long.parseLong(new LineOf(process, Pattern.compile("^([0-9]+)$")).await(START).group(1));
    return new RunningLlamaServer(port, ProcessHandle.of(pid).orElseThrow());
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    server.destroy();
    try {
      server.onExit().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      server.destroyForcibly();
    } catch (InterruptedException e) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
