package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import dev.plimsoll.sse.SseReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of an OpenAI chat stream, in the forms that llama-server, vLLM, LM Studio and
 * Ollama's own {@code /v1} give them.
 *
 * <p>A chunk that says nothing but one piece of text or reasoning, under the same id, time and
 * model as the first one, is told together with its bytes, so that it can be relayed as it came.
 */
public final class OpenAiReader implements SseReader.DataSink {
  private static final Slice DONE = new Slice(new byte[] {'[', 'D', 'O', 'N', 'E', ']'}, 0, 6);

  private final EventSink sink;
  private @Nullable Slice id;
  private @Nullable Slice created;
  private @Nullable Slice model;
  private boolean finished;
  private boolean done;

  /** Makes a reader that gives its events to {@code sink}. */
  public OpenAiReader(EventSink sink) {
    this.sink = sink;
  }

  @Override
  public void data(byte[] bytes, int start, int end) {
    Slice trimmed = trimmed(bytes, start, end);
    if (trimmed.length() == 0) {
      return;
    }
    if (done) {
      notice(Anomaly.AFTER_DONE);
    }
    if (trimmed.sameBytes(DONE)) {
      done = true;
      sink.event(new StreamEvent.Done());
      return;
    }
    try {
      OpenAiChunk chunk = chunk(trimmed);
      Slice folded = folded(trimmed);
      if (folded == null) {
        emit(chunk, trimmed);
      } else {
        emit(chunk(folded), folded);
      }
    } catch (JsonFault e) {
      if (!e.isCut()) {
        notice(Anomaly.BAD_JSON);
      }
      String detail = "an event of the answer is not JSON: " + e.getMessage();
      sink.event(new StreamEvent.Failed(UpstreamFailure.of(e, detail)));
    }
  }

  /** Nothing more comes, and the stream ended in order. */
  public void end() {
    if (finished && !done) {
      notice(Anomaly.NO_DONE);
    }
  }

  private void notice(Anomaly anomaly) {
    sink.event(new StreamEvent.Noticed(anomaly));
  }

  @Override
  public void tooLong() {
    notice(Anomaly.OVERSIZED_LINE);
    String detail = "an event of the answer is larger than the limit";
    sink.event(new StreamEvent.Failed(new UpstreamFailure.Unreadable(detail)));
  }

  private static OpenAiChunk chunk(Slice json) throws JsonFault {
    OpenAiChunk chunk = new OpenAiChunk(json.bytes());
    try (JsonCursor cursor = new JsonCursor(json.bytes(), new Span(json.start(), json.end()))) {
      chunk.read(cursor);
    }
    return chunk;
  }

  private static Slice trimmed(byte[] bytes, int start, int end) {
    int from = start;
    int to = end;
    while (from < to && isBlank(bytes[from])) {
      from++;
    }
    while (to > from && isBlank(bytes[to - 1])) {
      to--;
    }
    return new Slice(bytes, from, to);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /**
   * The same JSON without line ends, which would break the frame of what is copied from it; null
   * when it has none. In bytes that were read as JSON they are white space, since a string cannot
   * hold them.
   */
  private static @Nullable Slice folded(Slice json) {
    byte[] line = null;
    for (int i = json.start(); i < json.end(); i++) {
      if (json.bytes()[i] == '\n' || json.bytes()[i] == '\r') {
        line = line == null ? json.copy().bytes() : line;
        line[i - json.start()] = ' ';
      }
    }
    return line == null ? null : new Slice(line, 0, line.length);
  }

  private void emit(OpenAiChunk chunk, Slice bytes) {
    if (chunk.error != null) {
      sink.event(new StreamEvent.Failed(UpstreamErrors.ofFrame(chunk.error)));
      return;
    }
    boolean sameStream = sameStream(chunk);
    emitDeltas(chunk, sameStream && chunk.plainDelta() ? bytes : null);
    if (chunk.usage != null) {
      Slice whole = sameStream && chunk.onlyUsage() ? bytes : null;
      sink.event(new StreamEvent.UsageReport(chunk.usage, null, whole));
    }
    if (chunk.finishReason != null) {
      if (finished) {
        notice(Anomaly.DUPLICATE_FINISH);
      }
      finished = true;
      FinishReason reason = FinishReason.of(chunk.finishReason);
      boolean asItCame =
          sameStream && chunk.onlyFinish() && reason.label().equals(chunk.finishReason);
      sink.event(new StreamEvent.Finished(reason, asItCame ? bytes : null));
    }
  }

  private void emitDeltas(OpenAiChunk chunk, @Nullable Slice whole) {
    if (chunk.reasoning != null && !chunk.reasoning.isEmpty()) {
      sink.event(new StreamEvent.ReasoningDelta(chunk.reasoning, whole));
    }
    if (chunk.text != null && !chunk.text.isEmpty()) {
      sink.event(new StreamEvent.TextDelta(chunk.text, chunk.logprobs, whole));
    }
    for (StreamEvent.ToolCallDelta call : chunk.calls) {
      sink.event(call);
    }
  }

  /** Whether the chunk belongs to the stream that the first one opened; tells the opening. */
  private boolean sameStream(OpenAiChunk chunk) {
    if (chunk.id == null || chunk.model == null || chunk.created == null) {
      return false;
    }
    if (id == null || created == null || model == null) {
      id = chunk.id.copy();
      created = chunk.created.copy();
      model = chunk.model.copy();
      sink.event(new StreamEvent.Opened(string(id), chunk.createdSeconds, string(model)));
      return true;
    }
    return chunk.id.sameBytes(id)
        && chunk.created.sameBytes(created)
        && chunk.model.sameBytes(model);
  }

  private static JsonString string(Slice slice) {
    return new JsonString(slice.bytes(), slice.start(), slice.end());
  }

  /** The count in a {@code usage} object; null where it holds none. */
  static @Nullable Usage usage(byte[] bytes, Span span) throws JsonFault {
    long prompt = 0;
    long completion = 0;
    long cached = 0;
    long reasoning = 0;
    try (JsonCursor cursor = new JsonCursor(bytes, span)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return null;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "prompt_tokens" -> prompt = cursor.integerOr(0);
          case "completion_tokens" -> completion = cursor.integerOr(0);
          case "prompt_tokens_details" -> cached = detail(cursor, "cached_tokens");
          case "completion_tokens_details" -> reasoning = detail(cursor, "reasoning_tokens");
          default -> cursor.skip();
        }
      }
    }
    Usage usage = new Usage(prompt, completion, cached, reasoning);
    return usage.total() == 0 ? null : usage;
  }

  private static long detail(JsonCursor cursor, String name) throws JsonFault {
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return 0;
    }
    long found = 0;
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.name().equals(name)) {
        found = cursor.integerOr(0);
      } else {
        cursor.skip();
      }
    }
    return found;
  }
}
