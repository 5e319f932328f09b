package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built program in a process of its own, on free ports and with its own data folder. */
final class BuiltPlimsoll implements AutoCloseable {
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

  static BuiltPlimsoll start(Path data, URI upstream, String... settings)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "@" + Path.of("docker/jvm.opts"),
                "-jar",
                Path.of("target/dist/plimsoll.jar").toString(),
                "--upstream",
                upstream.toString()));
    List<String> own =
        List.of("listen.port=0", "admin.port=0", "store.path=" + data.resolve("ledger.db"));
    for (List<String> list : List.of(own, List.of(settings))) {
      for (String setting : list) {
        command.add("--set");
        command.add(setting);
      }
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new BuiltPlimsoll(process, new LineOf(process, READY));
  }

  /** The root for agents, without {@code /v1}. */
  URI agents() {
    return agents;
  }

  /** A document of the operators' port. */
  JsonNode admin(String path) throws IOException, InterruptedException {
    Http.Answer answer = Http.get(admin.resolve(path));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  /** All sessions, newest activity first. */
  JsonNode sessions() throws IOException, InterruptedException {
    return admin("/api/v1/sessions").path("sessions");
  }

  /** The requests of a session in the order in which they came. */
  List<JsonNode> requests(JsonNode session) throws IOException, InterruptedException {
    List<JsonNode> requests = new ArrayList<>();
    admin("/api/v1/sessions/" + session.path("id").asText() + "/requests?limit=100")
        .path("requests")
        .forEach(requests::addFirst);
    return requests;
  }

  /** What it logged, for messages. */
  String log() {
    return log.said();
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
