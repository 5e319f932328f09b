package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionNamesAllThatABugReportNeeds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString())
        .matches("plimsoll \\d+\\.\\d+\\.\\d+ \\(java 25[.\\d]*, vert\\.x 5\\.\\d+\\.\\d+\\)\\R");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("serve", "validate", "help");
    assertThat(run("help", "serve")).isZero();
    assertThat(out.toString()).contains("--config", "--upstream", "--port", "--set");
    assertThat(out.toString()).doesNotContain("exit-when-ready");
  }

  @Test
  void withoutACommandItServes() {
    assertThat(Main.withCommand(List.of())).containsExactly("serve");
    assertThat(Main.withCommand(List.of("--port", "1"))).containsExactly("serve", "--port", "1");
    assertThat(Main.withCommand(List.of("validate"))).containsExactly("validate");
    assertThat(Main.withCommand(List.of("--help"))).containsExactly("--help");
  }

  @Test
  void anUnknownOptionOrCommandIsWrongUsage() {
    assertThat(run("validate", "--confg", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option", "--confg");
    assertThat(run("vaildate")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: plimsoll validate");
  }

  @Test
  void aSetWithoutAValueIsWrongUsage() {
    assertThat(run("--set", "listen.port")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "--set takes KEY=VALUE, such as --set listen.port=8080; this is none: listen.port");
  }

  @Test
  void aValueMayHoldEqualsSignsAndBeginWithAnAt() {
    assertThat(run("validate", "--set", "upstream.api-key=@a==")).isZero();
  }

  @Test
  void validateSaysThatAllIsWell(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("p.yaml"), "listen: {port: 1}");
    assertThat(run("validate", "--config", file.toString())).isZero();
    assertThat(out.toString()).isEqualTo("configuration is valid" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyMistakeIsOneLineOnStandardError() {
    int code =
        Main.run(
            List.of("--port", "x", "--set", "listen.drain=1", "--upstream", "nowhere"),
            Map.of("PLIMSOLL_LOG_LEVEL", "loud"),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines().map(line -> line.replaceAll("; .*", "")))
        .containsExactly(
            "PLIMSOLL_LOG_LEVEL: log.level: \"loud\" is none of the words known here",
            "--set: listen.drain: \"1\" has no unit",
            "--upstream: upstream.url: \"nowhere\" does not begin with http:// or https://",
            "--port: listen.port: \"x\" is not a whole number");
  }

  @Test
  void aNamedOptionWinsOverSet() {
    assertThat(run("--port", "11436", "--set", "listen.port=1")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--port: listen.port: 11436 is also the value");
  }

  private int run(String... args) {
    return Main.run(
        List.of(args), Map.of(), new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
