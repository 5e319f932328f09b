package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Log;
import dev.plimsoll.config.Secrets;
import dev.plimsoll.config.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final PrintStream before = System.err;

  @AfterEach
  void restore() {
    System.setErr(before);
    Logging.apply(Log.DEFAULT, Secrets.NONE);
  }

  @Test
  void aTextLineShowsKeysAndValues() {
    assertThat(logged(Log.Format.TEXT, Log.Level.INFO))
        .matches("\\S+ WARN  x: it happened model=\"a b\" tokens=\"5\" ?\\R");
  }

  @Test
  void aJsonLineIsOneObject() throws IOException {
    String line = logged(Log.Format.JSON, Log.Level.INFO);
    assertThat(line.lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("formattedMessage").asText()).isEqualTo("it happened");
    assertThat(json.get("kvpList").toString())
        .isEqualTo("[{\"model\":\"a b\"},{\"tokens\":\"5\"}]");
  }

  @ParameterizedTest
  @EnumSource(Log.Format.class)
  void secretsStandInNoLineWhereverTheyCameFrom(Log.Format format) {
    Config config = configWith("upstream.api-key=sk-\"c4n/\\ary", "admin.token=tok-en-1");

    String said =
        said(
            format,
            Secrets.of(config),
            log -> {
              log.warn("the key is sk-\"c4n/\\ary, the token is {}", "tok-en-1");
              log.atWarn().addKeyValue("key", "sk-\"c4n/\\ary").log("x");
              log.warn("a bug", new IllegalStateException("with tok-en-1 in it"));
            });

    assertThat(said).contains("***").doesNotContain("c4n", "ary", "tok-en-1");
  }

  @ParameterizedTest
  @EnumSource(Log.Format.class)
  void keysOfClientsStandInNoLineEither(Log.Format format) {
    String said =
        said(
            format,
            Secrets.NONE,
            log -> {
              log.warn("GET http://localhost:11435/v1/models?key=canary&x=canary HTTP/1.1");
              log.warn("headers: Authorization=Bearer canary, accept=*/*");
              log.warn("bearer  canary");
              log.warn("Is another Plimsoll running? Then \"canaries\" fly.");
            });

    assertThat(said).doesNotContain("canary").contains("models?***", "running? Then", "canaries");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\nb",
        "a\rb",
        "\u001b[31mred",
        "nul\u0000",
        "\u2028",
        "\u2029",
        "\u0085",
        "\u202edlrow",
        "tab\t",
        "\u007f",
        "quote\" \\ {} end",
        "\n2026-11-24 INFO forged: line\n"
      })
  void lineIsOneLineWhateverIsInIt(String name) throws IOException {
    Consumer<Logger> logging =
        log -> log.atWarn().addKeyValue("model", name).log("asked for " + name);

    String text = said(Log.Format.TEXT, Secrets.NONE, logging);
    assertThat(text.strip().lines()).hasSize(1);
    assertThat(text.stripTrailing()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    String json = said(Log.Format.JSON, Secrets.NONE, logging);
    assertThat(json.strip().lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(json).path("level").asText()).isEqualTo("WARN");
  }

  @Test
  void stackTraceKeepsItsLines() {
    String said =
        said(
            Log.Format.TEXT,
            Secrets.NONE,
            log -> log.error("a bug", new IllegalStateException("why\u001b[31m")));

    assertThat(said.lines()).hasSizeGreaterThan(3);
    assertThat(said).contains("\tat ").doesNotContain("\u001b");
  }

  @Test
  void linesBelowTheLevelAreLeftOut() {
    assertThat(logged(Log.Format.TEXT, Log.Level.ERROR)).isEmpty();
  }

  @Test
  void debugDoesNotOpenTheLibraries() {
    Logging.apply(new Log(Log.Level.DEBUG, Log.Format.TEXT), Secrets.NONE);
    assertThat(LoggerFactory.getLogger("dev.plimsoll.x").isDebugEnabled()).isTrue();
    assertThat(LoggerFactory.getLogger("io.netty.x").isInfoEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.vertx.x").isDebugEnabled()).isFalse();
  }

  @Test
  void textLooksTheSameBeforeAndAfterTheConfigurationIsRead() throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/logback.xml")))
        .contains("<pattern>" + Logging.PATTERN + "</pattern>");
  }

  private static Config configWith(String... settings) {
    List<Setting> set =
        Arrays.stream(settings)
            .map(one -> one.split("=", 2))
            .map(one -> new Setting("--set", one[0], one[1]))
            .toList();
    return switch (new ConfigSource(Optional.empty(), Map.of(), set).load()) {
      case Loaded.Valid(Config config) -> config;
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static String said(Log.Format format, Secrets secrets, Consumer<Logger> logging) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    Logging.apply(new Log(Log.Level.INFO, format), secrets);
    logging.accept(LoggerFactory.getLogger("dev.plimsoll.x"));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String logged(Log.Format format, Log.Level level) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    Logging.apply(new Log(level, format), Secrets.NONE);
    LoggerFactory.getLogger("dev.plimsoll.x")
        .atWarn()
        .addKeyValue("model", "a b")
        .addKeyValue("tokens", 5)
        .log("it happened");
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
