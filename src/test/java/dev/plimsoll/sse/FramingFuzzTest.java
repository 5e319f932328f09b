package dev.plimsoll.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.testing.Cuts;
import java.util.ArrayList;
import java.util.List;

/** However any bytes are cut, the events are those that the plainest reading of the rules finds. */
class FramingFuzzTest {
  private static final String TOO_LONG = "(too long)";
  private static final int PLENTY = 1 << 20;

  /** Limits for lines and events; the small ones are met by most inputs. */
  private record Limits(int line, int event) {
    static final List<Limits> ALL =
        List.of(new Limits(PLENTY, PLENTY), new Limits(24, 40), new Limits(64, 16));
  }

  @FuzzTest
  void events(byte[] bytes) {
    for (Limits limits : Limits.ALL) {
      List<String> expected = Plain.events(Plain.lines(bytes, limits.line()), limits.event());
      for (int[] cuts : Cuts.of(bytes)) {
        assertThat(read(bytes, cuts, limits)).as("%s", limits).isEqualTo(expected);
      }
    }
  }

  private static List<String> read(byte[] bytes, int[] cuts, Limits limits) {
    List<String> found = new ArrayList<>();
    SseReader.DataSink sink =
        new SseReader.DataSink() {
          @Override
          public void data(byte[] event, int start, int end) {
            found.add(new String(event, start, end - start, ISO_8859_1));
          }

          @Override
          public void tooLong() {
            found.add(TOO_LONG);
          }
        };
    LineSplitter splitter = new LineSplitter(limits.line());
    SseReader reader = new SseReader(sink, limits.event());
    boolean[] fits = {true};
    Cuts.feed(
        bytes,
        cuts,
        (piece, start, end) -> {
          boolean before = fits[0];
          fits[0] = splitter.feed(piece, start, end, reader);
          assertThat(fits[0]).as("a stream that was given up stays so").isIn(before, false);
        });
    splitter.finish(reader);
    reader.finish();
    return found;
  }

  /** The same rules over whole strings, one character a byte. */
  private static final class Plain {
    private Plain() {}

    static List<String> lines(byte[] bytes, int limit) {
      String text = new String(bytes, ISO_8859_1).replace("\r\n", "\n").replace('\r', '\n');
      List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
      if (lines.getLast().isEmpty()) {
        lines.removeLast();
      }
      return lines.stream().takeWhile(line -> line.length() <= limit).toList();
    }

    static List<String> events(List<String> lines, int limit) {
      List<String> events = new ArrayList<>();
      List<String> data = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        String line = i == 0 ? withoutMark(lines.get(i)) : lines.get(i);
        if (line.isEmpty()) {
          end(data, events);
        } else if (line.equals("data")) {
          data.add("");
        } else if (line.startsWith("data:")) {
          data.add(line.substring(line.startsWith("data: ") ? 6 : 5));
        }
        if (String.join("\n", data).length() > limit) {
          events.add(TOO_LONG);
          return events;
        }
      }
      end(data, events);
      return events;
    }

    private static void end(List<String> data, List<String> events) {
      String event = String.join("\n", data);
      data.clear();
      if (!event.isEmpty()) {
        events.add(event);
      }
    }

    private static String withoutMark(String line) {
      return line.startsWith("\u00ef\u00bb\u00bf") ? line.substring(3) : line;
    }
  }
}
