package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.LineOf;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenCode itself, through the built program, on a server that says what a scenario scripts. */
@Tag("real")
class RealOpenCodeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WHOLE_FILE = 66;

  @TempDir Path folder;

  @BeforeEach
  void needsTheAgent() {
    Installed.agent("opencode");
    Installed.shared("agents", "scripted_upstream.py");
  }

  /** A scripted server, and the scenario in it. */
  private static final class Scripted implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final JsonNode scenario;
    private final Path work;
    private final Path record;

    Scripted(String name, Path folder) throws IOException, InterruptedException {
      Path script = Installed.shared("agents", "scripted_upstream.py");
      Path file = folder.resolve("scenario.json");
      String text =
          Files.readString(Installed.shared("agents", "scenarios", name + ".json"))
              .replace("${SUBAGENT}", "task");
      Files.writeString(file, text);
      scenario = JSON.readTree(text);
      work = Files.createDirectories(folder.resolve("work"));
      for (Map.Entry<String, JsonNode> seed : scenario.path("seed_files").properties()) {
        Files.writeString(work.resolve(seed.getKey()), seed.getValue().asText());
      }
      record = folder.resolve("record.jsonl");
      process =
          new ProcessBuilder(
                  "python3",
                  script.toString(),
                  "--scenario",
                  file.toString(),
                  "--record",
                  record.toString(),
                  "--workdir",
                  work.toString())
              .redirectErrorStream(true)
              .start();
      Pattern ready = Pattern.compile("listening on (http://[^\\s]+)/v1");
      uri = URI.create(new LineOf(process, ready).await(Duration.ofSeconds(60)).group(1));
    }

    List<String> prompts() {
      List<String> prompts = new ArrayList<>(List.of(scenario.path("prompt").asText("go")));
      scenario.path("more_prompts").forEach(more -> prompts.add(more.asText()));
      return prompts;
    }

    /** How often a model was asked. */
    long asked() throws IOException {
      try (Stream<String> lines = Files.lines(record)) {
        return lines.filter(line -> line.contains("\"path\": \"/v1/chat/completions\"")).count();
      }
    }

    /** Files that the agent left, with their contents. */
    SortedMap<String, String> files() throws IOException {
      SortedMap<String, String> found = new TreeMap<>();
      try (Stream<Path> all = Files.walk(work)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String name = work.relativize(file).toString();
          if (!name.contains("__pycache__")) {
            found.put(name, Files.readString(file));
          }
        }
      }
      return found;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private record Ran(List<Integer> exits, String out) {}

  private static Ran run(Scripted server, URI agents, Path folder)
      throws IOException, InterruptedException {
    OpenCode agent = new OpenCode(folder, server.work);
    List<Integer> exits = new ArrayList<>();
    List<String> options = new ArrayList<>();
    server.scenario.path("options").path("opencode").forEach(one -> options.add(one.asText()));
    for (String prompt : server.prompts()) {
      exits.add(agent.run(agents, "m", prompt, options));
      if (exits.size() == 1) {
        options.add("--continue");
      }
    }
    return new Ran(exits, Files.readString(agent.out()));
  }

  private interface Check {
    void of(Scripted server, BuiltPlimsoll plimsoll, Ran ran)
        throws IOException, InterruptedException;
  }

  private void through(String scenario, Check check) throws IOException, InterruptedException {
    through(scenario, check, "upstream.kind=openai");
  }

  private void through(String scenario, Check check, String... settings)
      throws IOException, InterruptedException {
    try (Scripted server = new Scripted(scenario, folder);
        BuiltPlimsoll plimsoll =
            BuiltPlimsoll.start(folder.resolve("data"), server.uri, settings)) {
      Ran ran = run(server, plimsoll.agents(), folder);

      assertThat(ran.exits).as(ran.out + plimsoll.log()).containsOnly(0);
      check.of(server, plimsoll, ran);
      everyRequestIsInTheLedger(server, plimsoll);
    }
  }

  private static void everyRequestIsInTheLedger(Scripted server, BuiltPlimsoll plimsoll)
      throws IOException, InterruptedException {
    int counted = 0;
    for (JsonNode session : plimsoll.sessions()) {
      assertThat(session.path("agent").asText()).isEqualTo("opencode");
      assertThat(session.path("source").asText()).isEqualTo("header");
      assertThat(session.path("clientId").asText()).startsWith("ses_");
      List<JsonNode> requests = plimsoll.requests(session);
      assertThat(requests).hasSize(session.path("requests").asInt());
      assertThat(requests)
          .allSatisfy(
              request -> {
                assertThat(request.path("outcome").asText()).isEqualTo("ok");
                assertThat(request.path("status").asInt()).isEqualTo(200);
                assertThat(request.path("stream").asBoolean()).isTrue();
                assertThat(request.path("attempts")).hasSize(1);
              });
      counted += requests.size();
    }
    assertThat(server.asked()).isEqualTo(counted);
  }

  private static Map<String, Integer> kinds(BuiltPlimsoll plimsoll, JsonNode session)
      throws IOException, InterruptedException {
    Map<String, Integer> kinds = new HashMap<>();
    for (JsonNode request : plimsoll.requests(session)) {
      kinds.merge(request.path("kind").asText(), 1, Integer::sum);
    }
    return kinds;
  }

  private static void isOneSession(BuiltPlimsoll plimsoll, int title, int main)
      throws IOException, InterruptedException {
    JsonNode sessions = plimsoll.sessions();
    assertThat(sessions).hasSize(1);
    assertThat(sessions.get(0).path("parent").isNull()).isTrue();
    assertThat(kinds(plimsoll, sessions.get(0)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("title", title, "main", main));
  }

  private static JsonNode isSubAgentOfMain(BuiltPlimsoll plimsoll)
      throws IOException, InterruptedException {
    JsonNode sessions = plimsoll.sessions();
    assertThat(sessions).hasSize(2);
    JsonNode main = sessions.get(sessions.get(0).path("parent").isNull() ? 0 : 1);
    JsonNode sub = sessions.get(sessions.get(0).path("parent").isNull() ? 1 : 0);
    assertThat(main.path("parent").isNull()).isTrue();
    assertThat(sub.path("parent")).isEqualTo(main.path("id"));
    assertThat(kinds(plimsoll, main)).containsKey("main").containsEntry("title", 1);
    assertThat(kinds(plimsoll, sub)).containsOnlyKeys("subagent");
    return main;
  }

  @Test
  void aFileIsWrittenAsInARunWithoutPlimsoll() throws Exception {
    SortedMap<String, String> direct;
    Path without = Files.createDirectories(folder.resolve("without"));
    try (Scripted server = new Scripted("ok", without)) {
      Ran ran = run(server, server.uri, without);
      assertThat(ran.exits).as(ran.out).containsExactly(0);
      direct = server.files();
    }

    through(
        "ok",
        (server, plimsoll, ran) -> {
          assertThat(server.files()).isEqualTo(direct);
          assertThat(server.files().get("out.txt")).hasSize(WHOLE_FILE).endsWith("THE END\n");
          assertThat(ran.out).contains("Finished.");
          isOneSession(plimsoll, 1, 2);
        });
  }

  @Test
  void aServerThatIsNotNamedIsFoundToBeNoOllama() throws Exception {
    through(
        "ok",
        (server, plimsoll, _) -> {
          assertThat(server.files().get("out.txt")).hasSize(WHOLE_FILE);
          isOneSession(plimsoll, 1, 2);
        },
        "upstream.kind=auto");
  }

  @Test
  void callsSideBySideAreRunOnceEach() throws Exception {
    through(
        "parallel_calls",
        (_, plimsoll, ran) -> {
          assertThat(ran.out).contains("Finished.");
          isOneSession(plimsoll, 1, 2);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok_comments", "slow_chunks"})
  void unusualButGoodStreamsAreNoTrouble(String scenario) throws Exception {
    through(
        scenario,
        (_, plimsoll, ran) -> {
          assertThat(ran.out)
              .contains(
                  scenario.equals("slow_chunks")
                      ? "one two three four five six"
                      : "With comments.");
          isOneSession(plimsoll, 1, 1);
        });
  }

  @Test
  void aSubAgentIsASessionOfItsOwnBelowItsParents() throws Exception {
    through(
        "subagent",
        (_, plimsoll, ran) -> {
          assertThat(ran.out).contains("Found it: hello.txt.");
          isSubAgentOfMain(plimsoll);
        });
  }

  @Test
  void threePromptsWithToolsAndASubAgentAreOneSessionAndItsChild() throws Exception {
    through(
        "sessions/opencode",
        (server, plimsoll, _) -> {
          assertThat(server.files().get("calc.py")).contains("return a + b");
          assertThat(server.files()).containsKey("README.md");
          JsonNode main = isSubAgentOfMain(plimsoll);
          // As in the recorded run; the agent's own summary is part of it.
          assertThat(kinds(plimsoll, main))
              .containsExactlyInAnyOrderEntriesOf(Map.of("title", 1, "main", 11, "summary", 1));
        });
  }
}
