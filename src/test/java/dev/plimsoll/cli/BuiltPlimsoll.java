package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.LineOf;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built program in a process of its own, on free ports and with its own data folder. */
public final class BuiltPlimsoll implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile(
          "listening agents=\"?(http://[^\"\\s]+)/v1\"? admin=\"?(http://[^\"\\s]+)\"?");

  private final Process process;
  private final LineOf log;
  private final URI agents;
  private final URI admin;

  private BuiltPlimsoll(Process process, LineOf log) throws InterruptedException {
    this.process = process;
    this.log = log;
    Matcher ready = log.await(START);
    this.agents = URI.create(ready.group(1));
    this.admin = URI.create(ready.group(2));
  }

  /** Starts one; settings are written as after {@code --set}. */
  public static BuiltPlimsoll start(Path data, URI upstream, String... settings)
      throws IOException, InterruptedException {
    return start(List.of(), data, upstream, settings);
  }

  /** Starts one with more options of the JVM than it always has. */
  public static BuiltPlimsoll start(
      List<String> jvmOptions, Path data, URI upstream, String... settings)
      throws IOException, InterruptedException {
    Process process = launch(jvmOptions, data, upstream, settings);
    return new BuiltPlimsoll(process, new LineOf(process, READY));
  }

  /** What a program said that did not start, and its exit code. */
  public record Refused(int code, String said) {}

  /** Starts one that is not to run, and waits for its end. */
  public static Refused refused(Path data, URI upstream, String... settings)
      throws IOException, InterruptedException {
    Process process = launch(List.of(), data, upstream, settings);
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Refused(process.waitFor(), said);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process launch(
      List<String> jvmOptions, Path data, URI upstream, String... settings) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), "@docker/jvm.opts"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", "target/dist/plimsoll.jar", "--upstream", upstream.toString()));
    List<String> own =
        List.of("listen.port=0", "admin.port=0", "store.path=" + data.resolve("ledger.db"));
    for (List<String> list : List.of(own, List.of(settings))) {
      for (String setting : list) {
        command.add("--set");
        command.add(setting);
      }
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The root for agents, without {@code /v1}. */
  public URI agents() {
    return agents;
  }

  /** The root for operators. */
  public URI operators() {
    return admin;
  }

  /** Whatever the operators' port answers. */
  public RawClient.Response operators(String path) throws IOException {
    return RawClient.get(admin, path);
  }

  /** A document of the operators' port. */
  public JsonNode admin(String path) throws IOException {
    RawClient.Response answer = RawClient.get(admin, path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.body().json();
  }

  /** All sessions, newest activity first. */
  public JsonNode sessions() throws IOException {
    return admin("/api/v1/sessions").path("sessions");
  }

  /** The requests of a session in the order in which they came. */
  public List<JsonNode> requests(JsonNode session) throws IOException {
    List<JsonNode> requests = new ArrayList<>();
    admin("/api/v1/sessions/" + session.path("id").asText() + "/requests?limit=100")
        .path("requests")
        .forEach(requests::addFirst);
    return requests;
  }

  /** The process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Kills it, so that it can do nothing more. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, and returns its exit code. */
  public int terminate(Duration limit) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)).as("ends").isTrue();
    return process.exitValue();
  }

  /** Every attempt in the ledger. */
  public List<JsonNode> export() throws IOException {
    RawClient.Response answer = RawClient.get(admin, "/api/v1/export?format=jsonl");
    assertThat(answer.complete()).isTrue();
    return answer.text().lines().map(line -> Body.of(line).json()).toList();
  }

  /** What it logged last, for messages. */
  public String log() {
    return log.said();
  }

  /** The lines of its log that tell of an error. */
  public String errors() {
    return log.errors();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
