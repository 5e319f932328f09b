import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one HTTP answer byte by byte as it arrives and compares what it says with the script: the
 * joined text must be exactly what the upstream said, whatever a proxy did to the framing.
 */
final class Answer {
  private static final byte[] CONTENT = Script.ascii("\"content\":");
  private static final byte[] FINISH = Script.ascii("\"finish_reason\":\"");
  private static final byte[] ERROR = Script.ascii("\"error\":");

  private enum Part {
    HEAD,
    SIZE,
    CHUNK,
    AFTER_CHUNK,
    TRAILER,
    FIXED,
    ENDED
  }

  private final int chunks;
  private final boolean stream;
  private Part part = Part.HEAD;
  private byte[] line = new byte[1024];
  private int length;
  private long left;
  private int status;
  private boolean keepAlive = true;

  private int said;
  private int events;
  private long firstAt;
  private boolean finished;
  private boolean done;
  private String trouble = "";

  Answer(int chunks, boolean stream) {
    this.chunks = chunks;
    this.stream = stream;
  }

  int events() {
    return events;
  }

  /** When the first text came, or 0. */
  long firstAt() {
    return firstAt;
  }

  boolean ended() {
    return part == Part.ENDED;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  /** Empty when the answer is whole and says exactly what the upstream said. */
  String trouble() {
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (status != 200) {
      return "status " + status;
    }
    if (said != chunks * Script.WORD_BYTES) {
      return "text of " + said + " bytes instead of " + chunks * Script.WORD_BYTES;
    }
    if (!finished) {
      return "no finish_reason";
    }
    return stream && !done ? "no [DONE]" : ended() ? "" : "not ended";
  }

  /** Takes bytes of the answer; {@code now} is when they were read. */
  void take(byte[] bytes, int count, long now) {
    int at = 0;
    while (at < count && part != Part.ENDED) {
      switch (part) {
        case CHUNK, FIXED -> {
          int n = (int) Math.min(left, count - at);
          body(bytes, at, n, now);
          at += n;
          left -= n;
          if (left == 0) {
            if (part == Part.FIXED) {
              end(now);
            } else {
              part = Part.AFTER_CHUNK;
            }
          }
        }
        default -> framing(bytes[at++], now);
      }
    }
  }

  private void framing(byte b, long now) {
    if (part == Part.HEAD) {
      append(b);
      if (b == '\n' && length >= 4 && line[length - 3] == '\n') {
        head(new String(line, 0, length, StandardCharsets.ISO_8859_1), now);
        length = 0;
      }
    } else if (b == '\n') {
      switch (part) {
        case SIZE -> part = left == 0 ? Part.TRAILER : Part.CHUNK;
        case AFTER_CHUNK -> {
          part = Part.SIZE;
          left = 0;
        }
        default -> end(now);
      }
    } else if (part == Part.SIZE && b != '\r') {
      left = left * 16 + Character.digit(b, 16);
    }
  }

  private void head(String head, long now) {
    status = Integer.parseInt(head.substring(9, 12));
    String lower = head.toLowerCase();
    keepAlive = !lower.contains("connection: close");
    if (lower.contains("transfer-encoding: chunked")) {
      part = Part.SIZE;
      left = 0;
      return;
    }
    int at = lower.indexOf("\r\ncontent-length:");
    left =
        at < 0 ? 0 : Long.parseLong(lower.substring(at + 17, lower.indexOf('\r', at + 17)).strip());
    part = Part.FIXED;
    if (left == 0) {
      end(now);
    }
  }

  private void body(byte[] bytes, int from, int count, long now) {
    int to = from + count;
    int start = from;
    if (stream && status == 200) {
      for (int i = from; i < to; i++) {
        if (bytes[i] == '\n') {
          if (length == 0) {
            event(bytes, start, i, now);
          } else {
            append(bytes, start, i);
            event(line, 0, length, now);
            length = 0;
          }
          start = i + 1;
        }
      }
    }
    append(bytes, start, to);
  }

  private void end(long now) {
    if (!stream || status != 200) {
      if (status == 200) {
        object(line, 0, length, now);
      } else {
        trouble =
            "status "
                + status
                + ": "
                + new String(line, 0, Math.min(length, 300), StandardCharsets.UTF_8);
      }
    }
    part = Part.ENDED;
  }

  private void event(byte[] bytes, int from, int to, long now) {
    if (to - from < 6 || bytes[from] != 'd' || bytes[from + 4] != ':') {
      return; // an empty line or a comment
    }
    int at = bytes[from + 5] == ' ' ? from + 6 : from + 5;
    if (bytes[at] == '[') {
      done = true;
    } else {
      object(bytes, at, to, now);
    }
  }

  private void object(byte[] bytes, int from, int to, long now) {
    int at = Script.indexOf(bytes, from, to, CONTENT);
    if (at >= 0) {
      at += CONTENT.length;
      at = bytes[at] == ' ' ? at + 1 : at;
      if (bytes[at] == '"' && bytes[at + 1] != '"') {
        text(bytes, at + 1, now);
      }
    }
    if (Script.indexOf(bytes, from, to, FINISH) >= 0) {
      finished = true;
    } else if (at < 0 && Script.indexOf(bytes, from, to, ERROR) >= 0) {
      trouble = new String(bytes, from, Math.min(to - from, 300), StandardCharsets.UTF_8);
    }
  }

  private void text(byte[] bytes, int at, long now) {
    if (firstAt == 0) {
      firstAt = now;
    }
    events++;
    for (; bytes[at] != '"'; at++, said++) {
      if (said >= Script.TEXT_BYTES.length || bytes[at] != Script.TEXT_BYTES[said]) {
        trouble = "text differs at byte " + said;
        return;
      }
    }
  }

  private void append(byte b) {
    if (length == line.length) {
      line = Arrays.copyOf(line, length * 2);
    }
    line[length++] = b;
  }

  private void append(byte[] bytes, int from, int to) {
    int count = to - from;
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, length * 2));
    }
    System.arraycopy(bytes, from, line, length, count);
    length += count;
  }
}
