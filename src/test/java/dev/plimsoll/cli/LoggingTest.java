package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.config.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final PrintStream before = System.err;

  @AfterEach
  void restore() {
    System.setErr(before);
    Logging.apply(Log.DEFAULT);
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

  @Test
  void linesBelowTheLevelAreLeftOut() {
    assertThat(logged(Log.Format.TEXT, Log.Level.ERROR)).isEmpty();
  }

  @Test
  void debugDoesNotOpenTheLibraries() {
    Logging.apply(new Log(Log.Level.DEBUG, Log.Format.TEXT));
    assertThat(LoggerFactory.getLogger("dev.plimsoll.x").isDebugEnabled()).isTrue();
    assertThat(LoggerFactory.getLogger("io.netty.x").isInfoEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.vertx.x").isDebugEnabled()).isFalse();
  }

  @Test
  void textLooksTheSameBeforeAndAfterTheConfigurationIsRead() throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/logback.xml")))
        .contains("<pattern>" + Logging.PATTERN + "</pattern>");
  }

  private static String logged(Log.Format format, Log.Level level) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    Logging.apply(new Log(level, format));
    LoggerFactory.getLogger("dev.plimsoll.x")
        .atWarn()
        .addKeyValue("model", "a b")
        .addKeyValue("tokens", 5)
        .log("it happened");
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
