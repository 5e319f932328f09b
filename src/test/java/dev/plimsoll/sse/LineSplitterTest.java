package dev.plimsoll.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same bytes give the same lines, however they are cut. */
class LineSplitterTest {
  private static final List<String> LINES = List.of("", "a", "", "", "é漢😀", "data: x", "\tlast ");
  private static final List<String> ENDS = List.of("\n", "\r", "\r\n");

  @Test
  void everyCutGivesTheSameLinesWithEveryLineEnd() {
    for (String end : ENDS) {
      byte[] bytes = (String.join(end, LINES) + end).getBytes(UTF_8);
      for (int cut = 0; cut <= bytes.length; cut++) {
        assertThat(lines(bytes, cut)).as("cut at %d", cut).isEqualTo(LINES);
      }
      assertThat(lines(bytes, everyByte(bytes.length))).isEqualTo(LINES);
    }
  }

  @Test
  void generatedCutsOfMixedLineEndsGiveTheSameLines() {
    Chance.cases(
        100,
        3_000,
        random -> {
          List<String> lines = new ArrayList<>();
          StringBuilder text = new StringBuilder();
          int count = random.nextInt(12);
          for (int i = 0; i < count; i++) {
            // A line that follows a CR must not be empty and end in LF: together they are one end.
            String line = random.nextInt(3) == 0 ? "" : "l" + "é".repeat(random.nextInt(5)) + i;
            String end = ENDS.get(random.nextInt(3));
            boolean wouldJoin =
                line.isEmpty() && end.charAt(0) == '\n' && text.toString().endsWith("\r");
            lines.add(line);
            text.append(line).append(wouldJoin ? "\r" : end);
          }
          byte[] bytes = text.toString().getBytes(UTF_8);
          int[] cuts = random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();

          assertThat(lines(bytes, cuts)).isEqualTo(lines);
        });
  }

  @Test
  void lastLineNeedsNoEnd() {
    assertThat(lines("a\nb".getBytes(UTF_8), 1)).containsExactly("a", "b");
    assertThat(lines("a\r".getBytes(UTF_8), 2)).containsExactly("a");
    assertThat(lines("".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void emptyPiecesChangeNothing() {
    assertThat(lines("a\r\nb\n".getBytes(UTF_8), 2, 2, 2, 3, 3)).containsExactly("a", "b");
  }

  @Test
  void lineOfTheLimitPassesAndLongerOneEndsTheStream() {
    for (int cut = 0; cut <= 6; cut++) {
      assertThat(limited("ok\n1234\nx\n", cut)).containsExactly("ok", "1234", "x", "fed");
      assertThat(limited("ok\n12345\nx\n", cut)).containsExactly("ok", "refused");
      assertThat(limited("ok\n12345", cut)).containsExactly("ok", "refused");
    }
  }

  /** The lines with a limit of four bytes, then whether all was fed; nothing may come after. */
  private static List<String> limited(String text, int cut) {
    byte[] bytes = text.getBytes(UTF_8);
    List<String> found = new ArrayList<>();
    LineSplitter.LineSink sink = (b, s, e) -> found.add(new String(b, s, e - s, UTF_8));
    LineSplitter splitter = new LineSplitter(4);
    boolean first = splitter.feed(bytes, 0, cut, sink);
    boolean second = splitter.feed(bytes, cut, bytes.length, sink);
    boolean third = splitter.feed(bytes, 0, 3, sink);
    splitter.finish(sink);
    assertThat(third).isEqualTo(second);
    assertThat(first || !second).isTrue();
    if (third) {
      found.removeLast(); // the line of the third piece
    }
    found.add(second ? "fed" : "refused");
    return found;
  }

  private static int[] everyByte(int length) {
    return IntStream.range(0, length).toArray();
  }

  private static List<String> lines(byte[] bytes, int... cuts) {
    List<String> found = new ArrayList<>();
    LineSplitter.LineSink sink = (b, s, e) -> found.add(new String(b, s, e - s, UTF_8));
    LineSplitter splitter = new LineSplitter(1000);
    int from = 0;
    for (int cut : cuts) {
      assertThat(splitter.feed(bytes, from, cut, sink)).isTrue();
      from = cut;
    }
    assertThat(splitter.feed(bytes, from, bytes.length, sink)).isTrue();
    splitter.finish(sink);
    return found;
  }
}
