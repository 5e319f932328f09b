package dev.plimsoll.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds every source to google-java-format.
 *
 * <p>A test and not a build plugin, because the formatter parses with the javac of the JVM that it
 * runs in, and Maven itself may run on an older one. {@code mvn -q test -Dtest=FormatTest
 * -Dformat=apply} rewrites the files.
 */
class FormatTest {
  @Test
  void everySourceIsFormatted() throws Exception {
    boolean apply = "apply".equals(System.getProperty("format"));
    List<Path> unformatted = new ArrayList<>();
    List<Path> sources = sources();
    assertThat(sources).isNotEmpty();
    for (Path source : sources) {
      String before = Files.readString(source);
      String after = format(source, before);
      if (before.equals(after)) {
        continue;
      }
      if (apply) {
        Files.writeString(source, after);
      } else {
        unformatted.add(source);
      }
    }
    assertThat(unformatted).as("run: mvn -q test -Dtest=FormatTest -Dformat=apply").isEmpty();
  }

  private static String format(Path source, String text) {
    try {
      return new Formatter().formatSourceAndFixImports(text);
    } catch (FormatterException e) {
      throw new AssertionError(source + " cannot be parsed: " + e.getMessage(), e);
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path root : List.of(Path.of("src"), Path.of("bench"))) {
      if (Files.isDirectory(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
        }
      }
    }
    return found;
  }
}
