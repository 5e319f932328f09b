package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Holds the shipped file and the documentation to the table of keys. */
class ConfigDocumentationTest {
  private static final Path SHIPPED = Path.of("config/plimsoll.yaml");
  private static final Path TABLE = Path.of("docs/configuration.md");

  @Test
  void theShippedFileIsTheDefault() {
    assertThat(new ConfigSource(Optional.of(SHIPPED), Map.of(), List.of()).load())
        .isEqualTo(new Loaded.Valid(Config.DEFAULT));
  }

  @Test
  void theShippedFileHoldsEveryKeyInTheOrderOfTheTable() {
    assertThat(YamlFile.read(SHIPPED).settings().stream().map(Setting::path))
        .containsExactlyElementsOf(Keys.ALL.stream().map(Key::path).toList());
  }

  @Test
  void everyKeyOfTheShippedFileHasAComment() throws IOException {
    List<String> lines = Files.readAllLines(SHIPPED);
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).strip().startsWith("#")) {
        assertThat(lines.get(i - 1).strip()).as(lines.get(i)).startsWith("#");
      }
    }
  }

  @Test
  void theTableOfTheDocumentationHasExactlyTheseKeys() throws IOException {
    List<String> expected = new ArrayList<>(Keys.ALL.stream().map(Key::path).toList());
    expected.add(expected.indexOf("context.safety") + 1, "context.models.NAME.window");
    assertThat(rows().keySet()).containsExactlyElementsOf(expected);
  }

  @Test
  void everyRowGivesDefaultRangeAndVariableAsTheyAre() throws IOException {
    Map<String, List<String>> rows = rows();
    for (Key<?> key : Keys.ALL) {
      List<String> row = rows.getOrDefault(key.path(), List.of());
      assertThat(row).as(key.path()).hasSize(5);
      assertThat(key.type().read(row.get(1)))
          .as(key.path())
          .isEqualTo(new ValueType.Read.Good<>(key.defaultValue()));
      assertThat(row.get(2)).as(key.path()).isEqualTo(key.type().accepted());
      assertThat(row.get(3).contains("Needs a restart.")).isEqualTo(key.needsRestart());
      assertThat(row.get(4)).isEqualTo(key.environmentName());
    }
  }

  @Test
  void noTwoKeysShareAVariable() {
    assertThat(Keys.ALL.stream().map(Key::environmentName)).doesNotHaveDuplicates();
  }

  @Test
  void everyOtherVariableIsInTheDocumentation() throws IOException {
    assertThat(Files.readString(TABLE)).contains(Environment.OTHERS);
  }

  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (line.matches("\\| `[a-z]+\\..*")) {
        List<String> cells =
            List.of(line.substring(2, line.length() - 2).split(" \\| ")).stream()
                .map(cell -> cell.replaceAll("^`(.*)`$", "$1"))
                .toList();
        rows.put(cells.getFirst(), cells);
      }
    }
    return rows;
  }
}
