package dev.plimsoll.turn;

import dev.plimsoll.sse.LineSplitter;
import dev.plimsoll.sse.SseReader;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.OpenAiReader;
import dev.plimsoll.stream.StreamEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads what an answer says that passes by unchanged, so that it can be counted. */
final class UsageTap {
  /** A larger document is relayed but not counted. */
  private static final int MAX_DOCUMENT = 16 * 1024 * 1024;

  private final EventSink to;
  private final OpenAiReader reader = new OpenAiReader(this::event);
  private final SseReader sse = new SseReader(reader);
  private final LineSplitter lines = new LineSplitter(MAX_DOCUMENT);
  private @Nullable Buffer document;
  private boolean off;
  private boolean stream;
  private boolean done;

  /** A tap that tells what it reads to {@code to}. */
  UsageTap(EventSink to) {
    this.to = to;
  }

  void contentType(String type) {
    if (type.startsWith("application/json")) {
      document = Buffer.buffer();
    } else {
      stream = type.startsWith("text/event-stream");
      off = !stream;
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

  /** Whether the answer is an event stream. */
  boolean isStream() {
    return stream;
  }

  /** Whether the stream has said that it is over. */
  boolean isDone() {
    return done;
  }

  /** Reads a document, now that it is whole. */
  void finish() {
    if (document != null && !off) {
      byte[] bytes = document.getBytes();
      reader.data(bytes, 0, bytes.length);
    }
  }

  private void event(StreamEvent event) {
    done |= event instanceof StreamEvent.Done;
    to.event(event);
  }
}
