package dev.plimsoll.turn;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.sse.LineSplitter;
import dev.plimsoll.sse.SseReader;
import dev.plimsoll.stream.OpenAiReader;
import dev.plimsoll.stream.StreamEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads the token counts out of an answer that passes by unchanged. */
final class UsageTap {
  /** A larger document is relayed but not counted. */
  private static final int MAX_DOCUMENT = 16 * 1024 * 1024;

  private final OpenAiReader reader = new OpenAiReader(this::event);
  private final SseReader sse = new SseReader(reader);
  private final LineSplitter lines = new LineSplitter(MAX_DOCUMENT);
  private @Nullable Buffer document;
  private boolean off;
  private volatile @Nullable Usage usage;

  void contentType(String type) {
    if (type.startsWith("application/json")) {
      document = Buffer.buffer();
    } else {
      off = !type.startsWith("text/event-stream");
    }
  }

  void feed(Buffer bytes) {
    if (off) {
      return;
    }
    if (document == null) {
      byte[] copy = bytes.getBytes();
      off = !lines.feed(copy, 0, copy.length, sse);
    } else if (document.length() + bytes.length() <= MAX_DOCUMENT) {
      document.appendBuffer(bytes);
    } else {
      off = true;
    }
  }

  /** The counts, once the answer has ended; null when it held none. */
  @Nullable Usage usage() {
    if (document != null && !off && usage == null) {
      byte[] bytes = document.getBytes();
      reader.data(bytes, 0, bytes.length);
    }
    return usage;
  }

  private void event(StreamEvent event) {
    if (event instanceof StreamEvent.UsageReport report) {
      usage = report.usage();
    }
  }
}
