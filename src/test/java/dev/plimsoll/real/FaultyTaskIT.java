package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenCode does a task of thirty steps while every third answer of the model is no good.
 *
 * <p>The step that the model makes next follows from the number of results in the conversation, so
 * a conversation that is asked again gets the same step. Each step leaves a line or a file: what is
 * lost or run twice can be seen.
 */
@Tag("real")
class FaultyTaskIT {
  private static final int STEPS = 30;
  private static final int EVERY = 3;
  private static final String DONE = "All thirty steps are done.";

  private static final List<Wrong> WRONG = List.of(Wrong.values());

  @TempDir Path folder;

  @BeforeEach
  void needsTheAgent() {
    Installed.agent("opencode");
    Installed.shared("agents", "run-opencode.sh");
  }

  /** What goes wrong with an answer, and how the ledger calls it. */
  private enum Wrong {
    CUT("stream_cut"),
    UNREADABLE("invalid_tool_arguments"),
    EMPTY("empty_response"),
    LEAKED("text_tool_call"),
    RUNNER_DIES("runner_crash"),
    CUT_IN_THE_CALL("stream_cut"),
    OTHER_ARGUMENTS("schema_mismatch"),
    CUT_BY_LENGTH("length_in_tool_call"),
    LEAKED_AND_CUT("text_tool_call"),
    RUNNER_DIES_AT_ONCE("runner_crash");

    private final String found;

    Wrong(String found) {
      this.found = found;
    }

    Reply of(Step step) {
      Answer good = step.answer();
      return switch (this) {
        case CUT -> good.with(new Fault.CutAfter(300, Fault.How.RST));
        case UNREADABLE ->
            good.with(new Fault.ErrorLine(0, "error parsing tool call: raw='{', err=EOF"));
        case EMPTY -> Answer.empty();
        case LEAKED -> Answer.text(pieces(step.glm()));
        case RUNNER_DIES -> good.with(Fault.runnerDied(2));
        case CUT_IN_THE_CALL -> step.call(Answer.empty()).with(new Fault.NoFinish());
        case OTHER_ARGUMENTS -> Answer.empty().call("c", step.tool, "{\"where\":\"nowhere\"}");
        case CUT_BY_LENGTH -> Answer.empty().tokens(10, 300).length();
        case LEAKED_AND_CUT -> Answer.text(pieces(step.glm().substring(0, 40)));
        case RUNNER_DIES_AT_ONCE -> Answer.text("a").with(Fault.runnerDied(0));
      };
    }

    private static String[] pieces(String text) {
      return IntStream.iterate(0, from -> from < text.length(), from -> from + 5)
          .mapToObj(from -> text.substring(from, Math.min(text.length(), from + 5)))
          .toArray(String[]::new);
    }
  }

  /** One step of the task: a line for the log, or a file of its own. */
  private record Step(int number, String tool, Map<String, String> arguments) {
    static Step of(int number, Path work) {
      return number % 2 == 0
          ? new Step(
              number,
              "bash",
              Map.of("command", "echo step " + number + " >> log.txt", "description", "Log"))
          : new Step(
              number,
              "write",
              Map.of(
                  "filePath",
                  work.resolve("file" + number + ".txt").toString(),
                  "content",
                  "This is file " + number + ".\n<b>\"Quoted\"</b>\n"));
    }

    Answer answer() {
      return call(Answer.text("Now ", "step ", number + "."));
    }

    Answer call(Answer before) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      arguments.forEach(json::put);
      return before.call("call_" + number, tool, json.toString());
    }

    /** The call as GLM writes it. */
    String glm() {
      return arguments.entrySet().stream()
          .map(
              argument ->
                  "<arg_key>%s</arg_key>\n<arg_value>%s</arg_value>\n"
                      .formatted(argument.getKey(), argument.getValue()))
          .collect(Collectors.joining("", "<tool_call>" + tool + "\n", "</tool_call>"));
    }
  }

  /** A model that knows what to do, and whose answers are no good now and then. */
  private static final class Model {
    private final Path work;
    private final boolean faults;
    private final Set<Integer> spoilt = ConcurrentHashMap.newKeySet();

    Model(Path work, boolean faults) {
      this.work = work;
      this.faults = faults;
    }

    Reply reply(RecordedRequest request) {
      JsonNode body = request.json();
      if (body.path("tools").isEmpty()) {
        return Answer.text("Thirty steps");
      }
      int step = 0;
      for (JsonNode message : body.path("messages")) {
        step += message.path("role").asText().equals("tool") ? 1 : 0;
      }
      if (step == STEPS) {
        return Answer.text(DONE);
      }
      Step next = Step.of(step, work);
      return faults && step % EVERY == 0 && spoilt.add(step)
          ? WRONG.get(step / EVERY).of(next)
          : next.answer();
    }
  }

  private record Outcome(int exit, String said, SortedMap<String, String> files) {}

  private static Outcome task(FakeOllama ollama, URI server, Path folder, boolean faults)
      throws IOException, InterruptedException {
    Path work = Files.createDirectories(folder.resolve("work"));
    ollama.reply(new Model(work, faults)::reply);
    OpenCode agent = new OpenCode(folder, work);
    int exit = agent.run(server, "test", "Do the thirty steps.", List.of("--no-compaction"));
    assertThat(ollama.failures()).isEmpty();
    return new Outcome(exit, Files.readString(agent.out()), files(work));
  }

  private static SortedMap<String, String> files(Path work) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(work)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(work.relativize(file).toString(), Files.readString(file));
      }
    }
    return found;
  }

  private static FakeOllama ollama() {
    return FakeOllama.builder().defaultContext(65_536).start();
  }

  @Test
  void theFilesAreTheSameAsWithoutFaults() throws Exception {
    Outcome good;
    try (FakeOllama ollama = ollama()) {
      good = task(ollama, ollama.uri(), folder.resolve("without"), false);
    }
    assertThat(good.exit).as(good.said).isZero();
    assertThat(good.files)
        .containsEntry(
            "log.txt",
            IntStream.iterate(0, step -> step < STEPS, step -> step + 2)
                .mapToObj(step -> "step " + step + "\n")
                .collect(Collectors.joining()));
    assertThat(good.files).hasSize(1 + STEPS / 2);

    try (FakeOllama ollama = ollama();
        BuiltPlimsoll plimsoll =
            BuiltPlimsoll.start(folder.resolve("data"), ollama.uri(), "recovery.backoff=1ms")) {
      Outcome faulty = task(ollama, plimsoll.agents(), folder.resolve("with"), true);

      assertThat(faulty.exit).as(faulty.said + plimsoll.log()).isZero();
      assertThat(faulty.said).contains(DONE);
      assertThat(faulty.files.keySet()).isEqualTo(good.files.keySet());
      assertThat(faulty.files).isEqualTo(good.files);
      everyFaultWasMetOnce(plimsoll);
    }
  }

  /** The agent asked once for each step, and what went wrong stayed behind the proxy. */
  private static void everyFaultWasMetOnce(BuiltPlimsoll plimsoll) throws IOException {
    List<String> found = new ArrayList<>();
    int main = 0;
    for (JsonNode session : plimsoll.sessions()) {
      for (JsonNode request : plimsoll.requests(session)) {
        assertThat(request.path("outcome").asText()).as("%s", request).isEqualTo("ok");
        if (request.path("kind").asText().equals("main")) {
          main++;
          String first = request.at("/attempts/0/outcome").asText();
          if (!first.equals("ok")) {
            found.add(first);
          }
        }
      }
    }
    assertThat(main).isEqualTo(STEPS + 1);
    assertThat(found).containsExactlyElementsOf(WRONG.stream().map(wrong -> wrong.found).toList());
  }
}
