package dev.plimsoll.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** Knows the versions that a bug report needs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "plimsoll " + plimsoll() + " (java " + java() + ", vert.x " + vertx() + ")"
    };
  }

  static String plimsoll() {
    Properties properties = new Properties();
    try (InputStream in = resource("/dev/plimsoll/cli/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  static String java() {
    return Runtime.version().version().stream()
        .map(String::valueOf)
        .reduce((left, right) -> left + "." + right)
        .orElse("unknown");
  }

  /** From Vert.x's own file, since the manifest is another one once all jars are one. */
  static String vertx() {
    try (InputStream in = resource("/META-INF/vertx/vertx-version.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) {
    @Nullable InputStream in = Version.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException(name + " is missing from the program");
    }
    return in;
  }
}
