package dev.plimsoll.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events by the WHATWG standard, with the two differences that the reader names. */
class SseReaderTest {
  @Test
  void dataLinesOfOneEventAreJoined() {
    assertThat(events("data: YHOO\ndata: +2\ndata: 10\n\n")).containsExactly("YHOO\n+2\n10");
  }

  @Test
  void commentsAndOtherFieldsAreIgnored() {
    String text =
        """
        : test stream

        data: first event
        id: 1

        data:second event
        id

        data:  third event

        event: add
        retry: 5
        foo: bar
        database: no
         data: no
        DATA: no
        data:4

        """;

    assertThat(events(text)).containsExactly("first event", "second event", " third event", "4");
  }

  @Test
  void oneSpaceBehindTheColonIsDropped() {
    assertThat(events("data:test\n\ndata: test\n\ndata:\ttest\n\ndata:: x\n\n"))
        .containsExactly("test", "test", "\ttest", ": x");
  }

  @Test
  void emptyDataIsNotGivenButLineEndsBetweenDataAre() {
    assertThat(events("data\n\ndata\ndata\n\ndata:\n\ndata: \n\n\n\nevent: x\n\n"))
        .containsExactly("\n");
    assertThat(events("data\ndata: a\ndata\n\n")).containsExactly("\na\n");
  }

  @Test
  void onlyTheFirstByteOrderMarkIsSkipped() {
    assertThat(events("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly("a");
    assertThat(events("\uFEFF\ndata: a\n\n")).containsExactly("a");
  }

  @Test
  void endOfTheStreamEndsTheEvent() {
    assertThat(events("data: a\n\ndata: b\n")).containsExactly("a", "b");
    assertThat(events("data: a\ndata: b")).containsExactly("a\nb");
    assertThat(events("event: x")).isEmpty();
  }

  @Test
  void everyCutGivesTheSameEventsWithEveryLineEnd() {
    String text = "\uFEFF: c\ndata: é漢😀\ndata\n\nid: 1\ndata:x\n\n\ndata: [DONE]\n\n";
    for (String end : List.of("\n", "\r", "\r\n")) {
      byte[] bytes = text.replace("\n", end).getBytes(UTF_8);
      for (int cut = 0; cut <= bytes.length; cut++) {
        assertThat(events(bytes, 1000, cut))
            .as("cut at %d", cut)
            .containsExactly("é漢😀\n", "x", "[DONE]");
      }
    }
  }

  @Test
  void generatedCutsGiveTheSameEvents() {
    String text = "data: 1\r\ndata: 2\r\r: c\ndata: é\n\ndata: 3\r\n\r\nevent: e\rdata: 4\n\r\n";
    byte[] bytes = text.getBytes(UTF_8);
    List<String> whole = events(bytes, 1000);
    assertThat(whole).containsExactly("1\n2", "é", "3", "4");
    Chance.cases(
        1,
        2_000,
        random -> {
          int[] cuts = random.ints(random.nextInt(8), 0, bytes.length + 1).sorted().toArray();

          assertThat(events(bytes, 1000, cuts)).isEqualTo(whole);
        });
  }

  @Test
  void eventOfTheLimitPassesAndLargerOneEndsTheStream() {
    assertThat(events("data: 12\ndata: 45\n\ndata: x\n\n".getBytes(UTF_8), 5))
        .containsExactly("12\n45", "x");
    assertThat(events("data: x\n\ndata: 12\ndata: 456\n\ndata: y\n\n".getBytes(UTF_8), 5))
        .containsExactly("x", "<too long>");
    assertThat(events("data: 123456\n\ndata: y\n\n".getBytes(UTF_8), 5))
        .containsExactly("<too long>");
    assertThat(events("data\n".repeat(7).getBytes(UTF_8), 5)).containsExactly("<too long>");
  }

  private static List<String> events(String text) {
    return events(text.getBytes(UTF_8), 1000);
  }

  private static List<String> events(byte[] bytes, int limit, int... cuts) {
    List<String> found = new ArrayList<>();
    SseReader.DataSink sink =
        new SseReader.DataSink() {
          @Override
          public void data(byte[] b, int start, int end) {
            found.add(new String(b, start, end - start, UTF_8));
          }

          @Override
          public void tooLong() {
            found.add("<too long>");
          }
        };
    SseReader reader = new SseReader(sink, limit);
    LineSplitter splitter = new LineSplitter(1000);
    int from = 0;
    for (int cut : cuts) {
      assertThat(splitter.feed(bytes, from, cut, reader)).isTrue();
      from = cut;
    }
    assertThat(splitter.feed(bytes, from, bytes.length, reader)).isTrue();
    splitter.finish(reader);
    reader.finish();
    return found;
  }
}
