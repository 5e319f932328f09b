package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.testing.FakeOllama;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandIT {
  private static final String REQUEST =
      """
      {"model":"test","messages":[{"role":"system","content":"Be brief."},
        {"role":"user","content":"hi"}]}\
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final FakeOllama fake = FakeOllama.builder().counts().start();
  private final RunningPlimsoll plimsoll =
      RunningPlimsoll.start("upstream.url=" + fake.uri(), "context.window=4096");

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private int run(String stdin, String... arguments) {
    ByteArrayInputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    return new CommandLine(new ExplainCommand(Map.of(), in))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private String admin() {
    return "--admin=" + plimsoll.adminUri();
  }

  @Test
  void tellsPeopleATableOfAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("request.json"), REQUEST);

    assertThat(run("", "--request", file.toString(), admin())).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains(
            "model   test", "window  4,096 tokens: 2,990 for the prompt, 1,024 for the answer")
        .containsPattern("# +ROLE +TOKENS +SENT +FATE +WHY")
        .containsPattern("1 +user +\\d+ +\\d+ +kept +the request is not changed");
  }

  @Test
  void tellsProgramsJsonOfStdin() throws Exception {
    assertThat(run(REQUEST, "--request", "-", "--json", admin())).as(err.toString()).isZero();

    assertThat(new ObjectMapper().readTree(out.toString()).path("messages")).hasSize(2);
  }

  @Test
  void saysInOneLineWhatIsWrong(@TempDir Path folder) {
    assertThat(run("{\"model\":", "--request", "-", admin())).isEqualTo(1);
    assertThat(err.toString()).startsWith("plimsoll: ").hasLineCount(1);
    assertThat(run("", "--request", folder.resolve("none").toString(), admin())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be read");
  }
}
