package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import dev.plimsoll.sse.LineSplitter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of Ollama's native answers ({@code /api/chat} and {@code /api/generate}).
 *
 * <p>One JSON object a line: text in {@code message.content} (or {@code response}), reasoning in
 * {@code thinking}, calls whole in {@code tool_calls}, counts on the line with {@code "done":true},
 * a failure as {@code {"error":"…"}}. Shapes: Ollama 0.24.0 and 0.33.0, api/types.go.
 */
public final class OllamaReader implements LineSplitter.LineSink {
  private final EventSink sink;
  private int calls;
  private boolean done;

  /** Makes a reader that gives its events to {@code sink}. */
  public OllamaReader(EventSink sink) {
    this.sink = sink;
  }

  @Override
  public void line(byte[] bytes, int start, int end) {
    if (isBlank(bytes, start, end)) {
      return;
    }
    Line line = new Line(bytes);
    try (JsonCursor cursor = new JsonCursor(bytes, new Span(start, end))) {
      line.read(cursor);
    } catch (JsonFault e) {
      if (!e.isCut()) {
        sink.event(new StreamEvent.Noticed(Anomaly.BAD_JSON));
      }
      String detail = "a line of the answer is not JSON: " + e.getMessage();
      sink.event(new StreamEvent.Failed(UpstreamFailure.of(e, detail)));
      return;
    }
    emit(line);
  }

  private void emit(Line line) {
    if (done) {
      sink.event(new StreamEvent.Noticed(Anomaly.AFTER_DONE));
    }
    if (line.error != null) {
      sink.event(new StreamEvent.Failed(UpstreamErrors.ofFrame(line.error)));
      return;
    }
    if (line.thinking != null && !line.thinking.isEmpty()) {
      sink.event(new StreamEvent.ReasoningDelta(line.thinking, null));
    }
    if (line.text != null && !line.text.isEmpty()) {
      sink.event(new StreamEvent.TextDelta(line.text, line.logprobs, null));
    }
    if (line.toolCalls != null) {
      emitCalls(line.toolCalls);
    }
    if (line.done) {
      done = true;
      FinishReason reason = reason(line.doneReason);
      sink.event(new StreamEvent.UsageReport(line.usage(), line.timings(), null));
      sink.event(new StreamEvent.Finished(reason, null));
      sink.event(new StreamEvent.Done());
    }
  }

  /** Ollama says "stop" behind calls, too; it has no word of its own for that end. */
  private FinishReason reason(String told) {
    FinishReason reason = FinishReason.of(told);
    return reason == FinishReason.STOP && calls > 0 ? FinishReason.TOOL_CALLS : reason;
  }

  private void emitCalls(Slice array) {
    try (JsonCursor cursor = new JsonCursor(array.bytes(), new Span(array.start(), array.end()))) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        sink.event(call(cursor, array.bytes()));
        cursor.endElement();
      }
    } catch (JsonFault e) {
      throw new IllegalStateException("an array that was parsed before", e);
    }
  }

  /** Ollama before 0.17.4 gives every call the index 0, so calls are counted here. */
  private StreamEvent call(JsonCursor cursor, byte[] bytes) throws JsonFault {
    String id = null;
    String name = null;
    String arguments = "";
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return new StreamEvent.ToolCallDelta(calls++, null, null, "");
    }
    cursor.enterObject();
    while (cursor.nextMember()) {
      switch (cursor.name()) {
        case "id" -> id = cursor.textOrNull();
        case "function" -> {
          Span function = cursor.skip();
          name = functionName(bytes, function);
          arguments = functionArguments(bytes, function);
        }
        default -> cursor.skip();
      }
    }
    return new StreamEvent.ToolCallDelta(calls++, id, name, arguments);
  }

  private static @Nullable String functionName(byte[] bytes, Span function) throws JsonFault {
    JsonString name = JsonMembers.string(bytes, function, "name");
    return name == null ? null : name.text();
  }

  private static String functionArguments(byte[] bytes, Span function) throws JsonFault {
    return OpenAiChunk.arguments(bytes, JsonMembers.value(bytes, function, "arguments"));
  }

  private static boolean isBlank(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The fields of one line. */
  private static final class Line {
    private final byte[] bytes;
    private @Nullable JsonString text;
    private @Nullable JsonString thinking;
    private @Nullable Slice toolCalls;
    private @Nullable Slice logprobs;
    private @Nullable String error;
    private String doneReason = "stop";
    private boolean done;
    private long promptTokens;
    private long completionTokens;
    private long loadDuration;
    private long promptDuration;
    private long evalDuration;

    Line(byte[] bytes) {
      this.bytes = bytes;
    }

    void read(JsonCursor cursor) throws JsonFault {
      cursor.enterObject();
      while (cursor.nextMember()) {
        member(cursor.name(), cursor);
      }
      cursor.expectEnd();
    }

    private void member(String name, JsonCursor cursor) throws JsonFault {
      switch (name) {
        case "message" -> message(cursor);
        case "response" -> text = cursor.stringOrNull();
        case "thinking" -> thinking = cursor.stringOrNull();
        case "logprobs" -> logprobs = array(cursor);
        case "error" -> error = UpstreamErrors.errorText(cursor, bytes);
        case "done" -> {
          done = cursor.isTrue();
          cursor.skip();
        }
        case "done_reason" -> {
          String told = cursor.textOrNull();
          doneReason = told == null ? "stop" : told;
        }
        case "prompt_eval_count" -> promptTokens = cursor.integerOr(0);
        case "eval_count" -> completionTokens = cursor.integerOr(0);
        case "load_duration" -> loadDuration = cursor.integerOr(0);
        case "prompt_eval_duration" -> promptDuration = cursor.integerOr(0);
        case "eval_duration" -> evalDuration = cursor.integerOr(0);
        default -> cursor.skip();
      }
    }

    private void message(JsonCursor cursor) throws JsonFault {
      if (cursor.kind() != JsonKind.OBJECT) {
        cursor.skip();
        return;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "content" -> text = cursor.stringOrNull();
          case "thinking" -> thinking = cursor.stringOrNull();
          case "tool_calls" -> toolCalls = array(cursor);
          default -> cursor.skip();
        }
      }
    }

    Usage usage() {
      return new Usage(promptTokens, completionTokens, 0, 0);
    }

    Timings timings() {
      return new Timings(loadDuration, promptDuration, evalDuration);
    }

    private @Nullable Slice array(JsonCursor cursor) throws JsonFault {
      boolean isArray = cursor.kind() == JsonKind.ARRAY;
      Span span = cursor.skip();
      return isArray ? Slice.at(bytes, span) : null;
    }
  }
}
