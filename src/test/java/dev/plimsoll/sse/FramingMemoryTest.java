package dev.plimsoll.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Heap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream may hold of the heap depends on the limits, and not on what a server sends. */
class FramingMemoryTest {
  private static final int MAX_LINE = 1024;
  private static final int MAX_EVENT = 4096;
  private static final int STREAM = 1 << 20;

  /** A buffer is doubled up to its limit: all its sizes together are below four times that. */
  private static final long MOST = 4 * (MAX_LINE + MAX_EVENT) + 2048;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "data: x\n",
        "data: x\n\n",
        "data: one line that is a little longer than the others, and then its event\r\n\r\n",
        ": comment\n",
        "\n",
        "\r",
        "data",
        "data\n",
      })
  void endlessStreamTakesNoMoreThanTheLimits(String pattern) {
    byte[] bytes = pattern.repeat(STREAM / pattern.length()).getBytes(US_ASCII);

    assertThat(Heap.allocatedBy(() -> read(bytes, 1))).as("byte by byte").isLessThan(MOST);
    assertThat(Heap.allocatedBy(() -> read(bytes, 700))).as("in pieces").isLessThan(MOST);
    assertThat(Heap.allocatedBy(() -> read(bytes, STREAM))).as("at once").isLessThan(MOST);
  }

  private static void read(byte[] bytes, int piece) {
    LineSplitter splitter = new LineSplitter(MAX_LINE);
    SseReader reader = new SseReader((event, start, end) -> {}, MAX_EVENT);
    for (int from = 0; from < bytes.length; from += piece) {
      splitter.feed(bytes, from, Math.min(bytes.length, from + piece), reader);
    }
    splitter.finish(reader);
    reader.finish();
  }
}
