package dev.plimsoll.real;

import dev.plimsoll.testing.LineOf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Ollama on a port of its own. */
final class RunningOllama implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Both generations log it; without a model it is only the look at what hardware there is. */
  private static final Pattern LOAD =
      Pattern.compile("msg=\"starting (?:runner|llama-server)\".* --model ");

  private final int port;
  private final ProcessHandle server;
  private final Path log;

  private RunningOllama(int port, ProcessHandle server, Path log) {
    this.port = port;
    this.server = server;
    this.log = log;
  }

  /** Starts one whose models have a window of that many tokens, with nothing loaded. */
  static RunningOllama start(String generation, int window)
      throws IOException, InterruptedException {
    Path folder = Installed.ollama(generation);
    Path script = Installed.shared("real", "start-ollama.sh");
    int port = freePort();
    ProcessBuilder start =
        new ProcessBuilder(script.toString(), folder.toString(), Integer.toString(port));
    start.environment().put("OLLAMA_GEN", generation);
    start.environment().put("OLLAMA_CONTEXT_LENGTH", Integer.toString(window));
    Process process = start.redirectErrorStream(true).start();
    long pid =
        Long.parseLong(new LineOf(process, Pattern.compile("^([0-9]+)$")).await(START).group(1));
    return new RunningOllama(
        port, ProcessHandle.of(pid).orElseThrow(), folder.resolve("log/ollama-" + port + ".log"));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How often a model was loaded since the start. */
  long loads() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> LOAD.matcher(line).find()).count();
    }
  }

  /** The processes in which models run. */
  List<Long> runners() {
    return server.children().map(ProcessHandle::pid).toList();
  }

  /** What the runners have spent on the processors so far. */
  Duration runnerTime() {
    return server
        .children()
        .flatMap(runner -> runner.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Kills the processes in which models run, as a machine without memory does. */
  void killRunners() {
    server.children().forEach(ProcessHandle::destroyForcibly);
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
