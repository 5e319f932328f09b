package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/recovery.md says of every fault what RecoveryIT sees. */
class RecoveryTableTest {
  private static final int CELLS = 7;

  /** What the page says of a fault that can be checked. */
  private record Row(String fault, String attempts, String client, String reason) {
    static Row of(FaultCase fault) {
      Expected expected = fault.expected();
      return new Row(
          "`" + fault.label() + "`",
          both(Integer.toString(expected.attempts()), Integer.toString(expected.joinedAttempts())),
          both(client(expected.streamed()), client(expected.joined())),
          expected.reason().equals("*") ? "any" : "`" + expected.reason() + "`");
    }

    private static String both(String streamed, String joined) {
      return streamed.equals(joined) ? streamed : streamed + " / " + joined;
    }

    private static String client(String outcome) {
      String[] words = outcome.split(" ", 2);
      return switch (words[0]) {
        case "error" -> "`" + words[1] + "`";
        case "length" -> "text, `length`";
        default -> words[0];
      };
    }

    /** A line of the table: fault, symptom, verdict, decision, attempts, client, reason. */
    static Row of(String line) {
      String[] cells = line.split("\\|", -1);
      assertThat(cells).as(line).hasSize(CELLS + 2);
      List.of(cells).subList(2, 5).forEach(cell -> assertThat(cell).as(line).isNotBlank());
      return new Row(cells[1].strip(), cells[5].strip(), cells[6].strip(), cells[7].strip());
    }
  }

  @Test
  void everyFaultIsToldAsItIs() throws IOException {
    List<Row> told =
        Files.readAllLines(Path.of("docs/recovery.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(Row::of)
            .toList();

    assertThat(told).containsExactlyElementsOf(Stream.of(FaultCase.values()).map(Row::of).toList());
  }
}
